"""Usual given names in the languages in which lists are printed, without those that are also words or places.

With one of them first, two or three capitalised words are rather a person's name than an organisation's.
"""

from signatories.matching import fold

_EUROPE = """
aaron abigail adam adriana adrian agnes agnieszka alain alan alastair albert alberto alejandra alejandro
aleksandar aleksandra alessandra alessandro alessio alex alexander alexandra alexandre alexei alexis alfred
alfredo alice alicia alina alison amanda amelie ana anders andre andrea andreas andrei andrej andrew andrzej
andres angela angelo anita anja anke ann anna anne anneke annette annika anthony antje anton antoine antonella
antonia antonio antony arnaud arne arthur arturo asher astrid aurelie axel barbara bart bartosz beata beatrice
beatriz benedict benedikt benjamin benoit bernard bernd bert bertrand birgit birgitte bjorn bogdan bojan
boris branko brian brigitte bruno camille carla carlo carlos carmen carol caroline caterina catherine cathy
cecile cecilia celine cesar chantal charles chiara chris christel christina christine christoph christophe
christopher claire clara clare claude claudia claudio clemence colin colette corinne costas craig cristina
dagmar damien daniel daniela daniele danielle danuta dario darko david deborah denis dennis denise derek
didier diego dieter dimitri dimitris dirk dmitri dmitry dominik dominique donald dora doris dorota dorothea
dorothy douglas dragan edith edmund eduard eduardo edward edwin eileen elaine elena eleni eleonora elisabeth
elisabetta elise elizabeth elke ella ellen elodie elsa emanuele emil emilia emilie emiliano emily emma
emmanuel emmanuelle enrico enrique eric erica erich erik erika ernesto ernst espen esteban esther eugenia
eugenio evelyn ewa fabian fabien fabio fabrizio federica federico felipe ferdinand fernanda fernando
filip filippo fiona florian franca francesca francesco francis francisca francisco franco francois francoise
franz frederic frederik friedrich fritz gabor gabriel gabriela gabriele gabriella gareth gary geert geoffrey
georg george georges georgios gerald gerard gerd gerhard germain gerry giacomo giorgio giorgos giovanna
giovanni giulia giuliano giulio giuseppe goran gordon graham graciela greg gregor gregory grzegorz guido
guillaume guillermo gunnar gustav gustavo hanna hannah hannes hans harald harriet harry hector heidi
heike heinrich heinz helen helena helene helga helmut hendrik henri henrik henry herbert hermann herve hilary
hilde horst howard hubert hugh hugo ian ignacio igor ilaria ilse ines ingrid irena irene irina isabel isabella
isabelle ivan ivana ivo jaap jacek jackie jaime jakob jakub jana jane janet janez jan janine janos jaroslav
jarek jasmina jason javier jean jeanne jeffrey jelena jennifer jens jeremy jerome jerzy jessica jim jimmy jiri
joachim joan joana joanna joanne joao jochen joel joelle johan johanna johannes john jon jonas jonathan jordi
jorg jorge jose josef josefina joseph josephine josip jovan juan juana judith jules julia julian juliana julie
julien juliette julio julius jurgen justine karel karen karin karl karolina kaspar katarina katarzyna kate
katharina katherine kathleen kathrin kathryn katja katrin kazimierz keith kelly ken kenneth kerstin kevin kirsten
klaus konrad konstantin kristian kristina kristine krzysztof kurt lars laszlo laura laure laurence laurent 
leif lena leon leonardo leonid leszek letizia lidia liliana lina linda lisa lise ljubica lluis lorenza
lorenzo louis louise luc luca lucas lucia luciana luciano lucie lucy ludovic ludwig luigi luis luisa lukas
luke lutz lydia lyudmila maciej madeleine mads magali magda magdalena magnus malcolm malgorzata manfred
manon manuel manuela marc marcel marcela marcello marcelo marcin marco marcos marcus marek margaret margareta
margarita margherita margot marguerite maria marie marietje mario marion marjan marko markus marta
martha martin martina martine marton mary massimo mateusz matthew matthias matthieu matteo mats maureen
maurice mauricio maurizio maxim maxime megan melanie melinda michael michal michel michela michele
michelle miguel mihai mikael mike mikhail mikko milena milica miquel miriam miroslav mirjana
monica monika monique montserrat morten muriel nadia nadine nadja natacha natalia natalie natasa nathalie
nathan neil nele nicholas nick nicola nicolas nicole niels nigel nikola nikolai nikolaus nikos nils nina
nils noel noemi norbert nuno ola olaf oleg olga oliver olivia olivier olof oscar oskar otto pablo paola
paolo pascal pascale patricia patricio patrick patrizia paul paula pauline paulo pavel pawel pedro peggy penny
per petar peter petr petra petri petros philip philipp philippe phillip piero pierre pierre-yves
pieter pietro pilar piotr predrag quentin rachel radoslaw rafael raffaella rainer ralf ralph ramon raphael raquel
raul raymond rebecca regina reinhard remi renata renate renato rene renee ricarda riccardo richard rita robert
roberta roberto roger roland rolf roman romain ronald rosalind rosemary ross rudolf rudi rui ruth ryszard sabina
sabine sabrina salvatore samantha samuel sandra sandrine sara sarah saskia scott sean sebastian sebastien
serge sergei sergej sergio severine sharon sheila shirley sibylle sigrid silke silvana silvia silvio simon
simona simone slavica slawomir slobodan sofia sofie solange sonia sonja sophia sophie stanislav stanislaw
stefan stefania stefano steffen stephan stephane stephanie stephen steve steven stuart susan susana susanna
susanne suzanne svein sven svetlana sylvain sylvia sylvie tadeusz tamara tamas tanja tania tatiana tatjana teresa
terence tessa theo theodor theresa therese thibault thierry thomas thorsten tibor tilman tim timo timothy tina
tobias tom tomas tomasz tommaso tony torsten tristan ulf ulrich ulrike umberto ursula ute uwe valentina valeria
valerie vanessa vasco vera veronica veronique vesna vicente vincent vincenzo viktor vitaly vittorio vladimir
vladislav volker walter waltraud wanda werner wilfried wilhelm willem william winfried wojciech wolfgang xavier
yann yannick yolanda yves yvette yvonne zbigniew zdenek zofia zoltan zoran
"""
_MORE = """
marleen marijke wim joost maarten femke sander hanneke jeroen arjen bas els geertje ineke jolanda koen lieke mieke
roel thijs tineke wouter ingeborg torbjorn bengt birgitta gunilla hakan kjell lennart ragnhild sigurd oystein aino
eero jukka kaisa matti mikko paivi pekka timo aoife ciaran niamh padraig siobhan eoghan alun gwen rhys catalina
camilo claudette delphine fabienne fanny gilles jacqueline jacques loic magalie marion noemie perrine raphaelle
solene sandrine violaine giacinta ginevra ivano loredana ornella raffaele rosanna tiziana beniamino jimena lucila
macarena mariana nieves ramiro rodrigo rosario silverio xavier yesenia agustina anabel azucena vivian aparecida
cleide edilson eliane fatima gilberto jose joaquim luiza marcia rosangela vitor zelia jadwiga halina henryk ryszarda
bozena danuta zdzislaw dusan jadranka ljiljana marijana nenad radmila sladjana snezana vojislav zeljko zorica
"""
_WORLD = """
abdel abdelaziz abdelkader abdallah abdou abdul abdulaziz abdullah abdulrahman abebe adama ahmad ahmed ahmet aicha
aisha akira ali aliou alioune amadou amal amina aminata amir amr anil anita anwar arash arjun arun aruna ashok
asma awa ayesha ayman ayse aziz babacar bashar bilal boubacar chandra chiamaka chidi chinwe deepak
devi dilek ebru emeka emine emre ercan fatima fatma fatou fatoumata farid farida farhad fathi faisal firoz ganesh
habib hakan halima hamid hamida hanan hassan hassen hatice hicham hiroshi huda hussein hussain ibrahim ibrahima
idrissa ilker imran ismail jamal jamila kamal kamel karim kareem kavita kemal kenji khaled khalid khadija
kofi kwame kwesi lakshmi latifa leila leyla mahmoud mahmud malika mamadou manal mansour mariam maryam mehdi mehmet
meera mei melek mehmet mohamad mohamed mohammad mohammed moncef mona mounir mourad moussa muhammad murat mustafa
mustapha nabil nadir naoko naser nasser ngozi nikhil noura olumide omar osman oumar ousmane parvez pradeep
priya rachid radhia raj rajesh rakesh ramesh rania rashid reza ridha rohini saad sadia salah saleh salem
salim salma samia samir samira sanjay satoshi selim selma serkan shahid shahzad shirin sidi sofiane suleiman sunita
suresh taha takeshi tarek tariq usha vijay wafa walid wassim yasmin yasmine yasser yousef youssef yusuf yuki yuko
zahra zainab zeynep zeinab ziad
"""
_CYRILLIC = """
александр александра алексей алла анастасия анатолий андрей анна антон борис вадим валентина валерий василий вера
виктор виктория виталий владимир владислав вячеслав галина геннадий георгий григорий дарья денис дмитрий евгений
евгения екатерина елена иван игорь ирина кирилл константин ксения лариса лев леонид людмила маргарита марина
мария михаил надежда наталия наталья никита николай нина оксана олег олеся ольга павел петр роман руслан светлана
сергей станислав степан тамара татьяна юлия юрий яна ярослав
"""
GIVEN_NAMES = frozenset(fold(f"{_EUROPE} {_MORE} {_WORLD} {_CYRILLIC}").split())
