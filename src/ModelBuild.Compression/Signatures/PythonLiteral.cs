using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ModelBuild.Compression.Signatures;

/// <summary>
/// Converts the text of a Python dictionary or list to JSON, such as <c>{0: 'person', 1: "driver's seat"}</c> in a model's metadata. It supports text in both
/// kinds of quotes, numbers as keys, tuples, <c>None</c>, <c>True</c> and <c>False</c>.
/// </summary>
internal static class PythonLiteral
{
    /// <summary>Returns the text of a Python literal as JSON. Other text does not change, so that the JSON parser reports it.</summary>
    public static string ToJson(string text)
    {
        var json = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; )
            if (text[i] is '\'' or '"')
                json.Append(JsonSerializer.Serialize(Text(text, ref i)));
            else if (char.IsAsciiLetterOrDigit(text[i]) || text[i] == '-')
                json.Append(Word(text, ref i));
            else
                json.Append(
                    text[i++] switch
                    {
                        '(' => '[',
                        ')' => ']',
                        var other => other,
                    }
                );
        return json.ToString();
    }

    private static string Word(string text, ref int i)
    {
        var start = i++;
        while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] == '.'))
            i++;
        var word = text[start..i];
        if (text.AsSpan(i).TrimStart() is [':', ..])
            return JsonSerializer.Serialize(word);
        return word switch
        {
            "None" => "null",
            "True" => "true",
            "False" => "false",
            _ => word,
        };
    }

    private static string Text(string text, ref int i)
    {
        var quote = text[i++];
        var value = new StringBuilder();
        while (i < text.Length && text[i] != quote)
            value.Append(text[i++] is '\\' && i < text.Length ? Escaped(text, ref i) : text[i - 1]);
        i++;
        return value.ToString();
    }

    private static char Escaped(string text, ref int i) =>
        text[i++] switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'x' => Code(text, ref i, 2),
            'u' => Code(text, ref i, 4),
            var other => other,
        };

    private static char Code(string text, ref int i, int digits)
    {
        if (i + digits > text.Length || !ushort.TryParse(text.AsSpan(i, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            return '?';
        i += digits;
        return (char)code;
    }
}
