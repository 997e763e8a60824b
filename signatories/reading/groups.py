"""Headings of groups within a list."""

import re

BARE_GROUP = re.compile(
    r"^(?:(?:civil society|international|national|regional|local|other|supporting|lead|individual"
    r"|non-governmental|state|federal|academic|umbrella|youth|faith-based|community|and|&|grassroots|professional|european"
    r"|african|asian|global|partner|member|endorsing|signatory)\s+)*"
    r"(?:organi[sz]ations?|individuals?|conveners?|experts?|academics|people|persons|ngos|networks"
    r"|associations|unions|trade\s+unions|groups|foundations|companies|businesses|institutions|coalitions|parties|churches"
    r"|syndicats|partis(?:\s+politiques)?|collectifs|sindicatos|partidos(?:\s+políticos)?|colectivos|sindacati|partiti|gewerkschaften"
    r"|verbande|vereine|parteien|initiativen|nationale?s?|internationale?s?|internacionales|nacionales"
    r"|organizaciones|personas|individuos|organisationen|einzelpersonen|personnes|organizzazioni"
    r"|organizacoes|организации|منظمات|أفراد)"
    r"\s*(?:\([^()]*\)|,?\s*(?:in|par|por|in)\s+(?:alphabetical|ordre|orden|ordine)\b.*)?\s*:?$"
)
