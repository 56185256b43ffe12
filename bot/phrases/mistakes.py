"""What is said about a configuration that cannot stand: one sentence a mistake, with its place in the file."""

from collections.abc import Iterable, Mapping
from datetime import date

from bot.config_mistakes import ConfigMistake
from bot.i18n import day_name, sentence, translator, weekday_name
from bot.languages import Language

_ = translator("mistakes")


def report(mistakes: Iterable[ConfigMistake], language: Language) -> str:
    """Every mistake on a line of its own."""
    return "\n".join(worded(mistake, language) for mistake in mistakes)


def worded(mistake: ConfigMistake, language: Language) -> str:
    """One mistake: its line and its path where it has them, and what is wrong."""
    values = {name: _shown(name, value, language) for name, value in mistake.data.items()}
    said = _(_SENTENCES.get(mistake.kind, _SENTENCES["invalid"]), language, **values)
    if mistake.data.get("closest"):
        said += " " + _("¿Quiso decir «{closest}»?", language, closest=values["closest"])
    place = mistake.path
    if mistake.line is not None:
        line = _("línea {line}", language, line=mistake.line)
        place = f"{line}, {place}" if place else line
    return f"{place}: {said}" if place else said


def _shown(name: str, value: object, language: Language) -> str:
    if isinstance(value, date):
        return day_name(value, language, with_year=True)
    if name == "weekday" and isinstance(value, int):
        return weekday_name(value, language)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


_SENTENCES: Mapping[str, str] = {
    # The file
    "missing_file": sentence("No existe el archivo {file}."),
    "unreadable_file": sentence("No se puede leer {file}: {reason}."),
    "not_utf8": sentence("El archivo no está en UTF-8."),
    "not_toml": sentence("No es TOML válido: {reason}."),
    "unusable_ids": sentence("No se puede usar {file} ({reason}). Bórrelo y repita «estrado setup»."),
    # Keys and their kinds
    "missing_key": sentence("Falta la clave «{key}»."),
    "unknown_key": sentence("La clave «{key}» no existe aquí."),
    "not_whole": sentence("Debe ser un número entero, sin comillas."),
    "not_number": sentence("Debe ser un número, sin comillas."),
    "not_text": sentence("Debe ser un texto entre comillas."),
    "not_list": sentence("Debe ser una lista entre corchetes."),
    "not_table": sentence("Debe ser una tabla con sus claves."),
    "empty_text": sentence("El texto está vacío."),
    "too_small": sentence("Es menor de lo permitido; el límite es {limit}."),
    "too_large": sentence("Es mayor de lo permitido; el límite es {limit}."),
    "too_short": sentence("Faltan elementos: el mínimo es {limit}."),
    "too_long": sentence("Sobran elementos: el máximo es {limit}."),
    "not_one_of": sentence("«{written}» no es uno de los valores posibles: {allowed}."),
    "duplicate": sentence("«{value}» está repetido."),
    "invalid": sentence("El valor no es válido."),
    # Days
    "unreadable_day": sentence(
        "«{text}» no se entiende como un solo día. Escriba, por ejemplo, «martes 8 de septiembre»."
    ),
    "unknown_word": sentence("En «{text}» no se conoce la palabra «{word}»."),
    "incomplete_day": sentence("«{text}» no es un día completo: hacen falta el día y el mes."),
    "day_without_year": sentence("«{text}» no dice el año: añádalo, o escriba event.year."),
    "short_year": sentence("En «{text}» el año debe tener cuatro cifras, y el día va antes que el mes."),
    "other_year": sentence("«{text}» es de otro año que event.year, {year}."),
    "no_such_day": sentence("«{text}» no existe en el calendario; el día va antes que el mes."),
    "other_weekday": sentence("«{text}» se contradice: ese día es {weekday} ({day})."),
    "same_day_twice": sentence("El {day} tiene ya una sesión; hay una por día."),
    "sessions_out_of_order": sentence("El {day} está después de un día posterior: ponga las sesiones en orden."),
    # Hours
    "unreadable_hours": sentence("«{text}» no se entiende como un horario. Escriba, por ejemplo, «09:00-09:30»."),
    "half_range": sentence("En «{text}» falta el comienzo o el final."),
    "no_such_hour": sentence("En «{text}», «{hour}» no es una hora del día."),
    "ambiguous_hours": sentence("En «{text}» no está claro si una de las horas es de la mañana o de la tarde."),
    "end_not_after_start": sentence("En «{text}» el final no es posterior al comienzo."),
    "blocks_overlap": sentence("El bloque de {hours} se solapa con el de {other}."),
    "blocks_out_of_order": sentence("El bloque de {hours} está después del de {other}: póngalos en orden."),
    "missing_hour": sentence("El {day} no existe la hora {hour} en {zone}: se adelantan los relojes."),
    "ambiguous_hour": sentence("El {day} la hora {hour} ocurre dos veces en {zone}: se atrasan los relojes."),
    "second_qa": sentence("La sesión tiene ya un bloque de preguntas y respuestas («qa»)."),
    # The zone
    "no_zone": sentence("Falta la zona horaria. Escriba un nombre de IANA, por ejemplo «America/Costa_Rica»."),
    "unknown_zone": sentence("«{zone}» no es una zona horaria de IANA."),
    "no_zone_database": sentence(
        "Esta máquina no tiene la base de zonas horarias y «{zone}» no se puede leer. Instale el paquete tzdata."
    ),
    # Languages, places, countries, paths
    "unknown_language": sentence("«{language}» no es un idioma conocido; los hay en «es» y «en»."),
    "missing_language": sentence("Falta el texto en: {languages}."),
    "not_place": sentence("Debe ser un identificador de Discord (un número) o un nombre entre comillas."),
    "closed_place_is_public": sentence(
        "«{place}» es también discord.{other}, que todos leen: moderación y organización necesitan un canal cerrado."
    ),
    "role_of_staff": sentence(
        "«{role}» es también {other}: quien se registra no debe recibir el rol de quienes moderan u organizan."
    ),
    "role_of_nobody": sentence("«{key}» no está en coverage: nadie recibiría este rol."),
    "unknown_country": sentence("«{written}» no es un código de país de dos letras (ISO 3166-1)."),
    "not_key": sentence("Debe ser una clave de minúsculas, cifras y guiones bajos, por ejemplo «judicial»."),
    "not_file": sentence("Debe ser la ruta de un archivo."),
    "not_link": sentence("Debe ser una dirección completa que comience por https://, o la ruta de un archivo."),
    "more_days_than_sessions": sentence("Pide asistencia en {days} días y el evento tiene {sessions}."),
    "key_beside_database": sentence(
        "La clave de anonimato debe estar fuera de {directory}, el directorio de la base de datos y sus copias."
    ),
}
