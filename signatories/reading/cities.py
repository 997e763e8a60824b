"""Large cities and capitals, in English and as their own languages print them: a place beside a name, not part of it."""

from signatories.matching import fold

_CITIES = """
abidjan, abuja, accra, adana, addis ababa, aleppo, alexandria, algiers, alger, almaty, amman, amsterdam, ankara,
antalya, antananarivo, antwerpen, antwerp, athens, athènes, atenas, asunción, baghdad, baku, bamako, banja luka,
bandung, bangalore, bangkok, bangui, barcelona, barcelone, barranquilla, basel, basra, beijing, pékin, beirut,
beyrouth, belém, belfast, belgrade, beograd, belgrad, belo horizonte, bergamo, berlin, berlín, berlino, bern, berne,
bilbao, birmingham, bishkek, bissau, bogotá, bologna, bonn, bordeaux, boston, bratislava, brasília, brasilia, bremen,
brno, bristol, brussels, bruxelles, brüssel, brussel, bruselas, bucharest, bucurești, budapest, buenos aires,
bujumbura, cairo, le caire, el cairo, calcutta, cali, cambridge, canberra, cape town, caracas, cardiff, casablanca,
chennai, chicago, chișinău, chisinau, cochabamba, cologne, colombo, conakry, copenhagen, københavn, copenhague,
córdoba, cuenca, curitiba, dakar, damascus, damas, dar es salaam, delhi, detroit, dhaka, diyarbakır, djibouti, doha,
donetsk, dortmund, dresden, dubai, dublin, durban, dushanbe, düsseldorf, edinburgh, erbil, essen, firenze, florence,
fortaleza, frankfurt, frankfurt am main, freetown, gaborone, gaza, gdańsk, geneva, genève, genf, ginevra, ginebra,
genova, ghent, gent, glasgow, göteborg, gothenburg, granada, graz, grenoble, guadalajara, guatemala city, guayaquil,
hague, the hague, den haag, la haye, la haya, hamburg, hannover, hanoi, harare, havana, la habana, helsinki, homs,
honolulu, islamabad, istanbul, i̇stanbul, izmir, i̇zmir, jakarta, jerusalem, jérusalem, johannesburg, juba, kabul,
kampala, karachi, kathmandu, kazan, kharkiv, khartoum, kigali, kingston, kinshasa, köln, kraków, cracow, kragujevac,
kuala lumpur, kyiv, kiev, kyoto, lagos, lahore, la paz, la plata, lausanne, leeds, leipzig, león, libreville, lilongwe,
lille, lima, lisbon, lisboa, lisbonne, liverpool, ljubljana, łódź, lomé, london, londres, londra, los angeles, luanda,
lusaka, luxembourg, lviv, lyon, madrid, malaga, málaga, malmö, managua, manchester, manila, maputo, maracaibo,
marrakech, marseille, medellín, melbourne, mexico city, ciudad de méxico, méxico d.f., miami, milan, milano, minsk,
mogadishu, monrovia, monterrey, montevideo, montpellier, montréal, montreal, moscow, moscou, moscú, mosca, moskau,
mumbai, münchen, munich, nairobi, nantes, naples, napoli, new delhi, new york, new york city, nueva york, nyc, niamey,
nice, nicosia, niš, nouakchott, novi pazar, novi sad, nürnberg, oaxaca, oslo, osaka, ottawa, ouagadougou, oxford,
padova, palermo, panama city, paris, parigi, parís, paryż, perth, phnom penh, podgorica, port-au-prince, portland,
porto, porto alegre, poznań, prague, praha, praga, prag, pretoria, prishtina, priština, prizren, puebla, quebec, québec,
quito, rabat, ramallah, rangoon, yangon, recife, rennes, reykjavík, riga, rijeka, rio de janeiro, riyadh, roma, rome,
rom, rosario, rostock, rotterdam, salvador da bahia, salzburg, san francisco, san josé, san juan, san salvador, sanaa,
santiago, santiago de chile, santo domingo, são paulo, sao paulo, sarajevo, seattle, seoul, sevilla, sfax, shanghai,
skopje, sofia, sousse, split, st. petersburg, saint petersburg, stockholm, strasbourg, strasburgo, stuttgart, subotica,
surabaya, sydney, taipei, tallinn, tangier, tashkent, tbilisi, tegucigalpa, tehran, téhéran, tel aviv, thessaloniki,
tirana, tiranë, tokyo, torino, turin, toronto, toulouse, trieste, tripoli, tuzla, tunis, túnez, turku, ulaanbaatar,
uppsala, utrecht, valencia, valletta, valparaíso, vancouver, venezia, verona, vienna, vienne, viena, wien, vilnius,
warsaw, warszawa, varsovie, warschau, washington, washington dc, washington d.c., wellington, winnipeg, wrocław,
yaoundé, yerevan, york, zagreb, zaragoza, zenica, zürich, zurich, zrenjanin,
москва, санкт-петербург, петербург, киев, київ, минск, мінск, харьков, харків, львов, львів, одесса, одеса, казань,
екатеринбург, нижний новгород, новосибирск, воронеж, пермь, самара, саратов, краснодар, ростов-на-дону, томск, рязань,
грозный, назрань, махачкала, лондон, париж, берлин, варшава, прага, вена, женева, нью-йорк, вашингтон, брюссель, рига,
вильнюс, таллин, хельсинки, осло, стокгольм, тбилиси, ереван, баку, кишинев, алматы, бишкек, ташкент, душанбе, софия,
београд, скопје, белград, сараево,
تونس العاصمة, القاهرة, بيروت, دمشق, عمان, بغداد, الرباط, الدار البيضاء, الجزائر العاصمة, طرابلس, غزة, رام الله, القدس,
صنعاء, عدن, الخرطوم, باريس, لندن, جنيف, بروكسل, برلين, اسطنبول, صفاقس, سوسة, قفصة, حلب, البصرة, أربيل, نواكشوط,
東京, 東京都, 大阪, 京都, 札幌, 福岡, 名古屋, 広島, 沖縄, 台北, 高雄, 北京, 上海, 廣州, 广州
"""
CITIES = frozenset(fold(city) for city in _CITIES.replace("\n", " ").split(",") if city.strip())


def is_city(text: str) -> bool:
    """Whether `text` names a large city, or several of them joined by a slash."""
    parts = [fold(part).strip(" .") for part in text.split("/")] if len(text) < 60 else [""]
    return all(part in CITIES for part in parts)
