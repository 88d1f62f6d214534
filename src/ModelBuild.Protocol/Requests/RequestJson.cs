using System.Globalization;
using System.Text;

namespace ModelBuild.Protocol;

/// <summary>Writes requests as JSON without a library, because the tasks must not load libraries of their own into the build's process.</summary>
internal static class RequestJson
{
    /// <summary>The name of the field that holds <see cref="Schema"/>.</summary>
    public const string SchemaField = "schema";

    /// <summary>The version of the request's document.</summary>
    public const int Schema = 1;

    /// <summary>Returns the document of a request that the program reads, with each value on its own line.</summary>
    public static string Write(ModelRequest request) => Write(request, RequestFields.All);

    /// <summary>Returns the part of a request's document that affects a result, as text that can be compared with that of another request.</summary>
    public static string Write(ModelRequest request, Affects affects) => Write(request, RequestFields.All.Where(field => (field.Affects & affects) != 0));

    private static string Write(ModelRequest request, IEnumerable<RequestField> fields) =>
        "{\n" + string.Join(",\n", fields.Select(field => Line(field.Name, Value(field.Value(request)))).Prepend(Line(SchemaField, Value(Schema)))) + "\n}\n";

    private static string Line(string name, string value) => $"  \"{name}\": {value}";

    private static string Value(object? value) =>
        value switch
        {
            null => "null",
            string text => Text(text),
            true => "true",
            false => "false",
            int number => number.ToString(CultureInfo.InvariantCulture),
            IReadOnlyDictionary<string, string> texts => Block(
                "{",
                texts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{Text(pair.Key)}: {Text(pair.Value)}"),
                "}"
            ),
            IEnumerable<string> texts => Block("[", texts.Select(Text), "]"),
            _ => throw new ArgumentException($"A request cannot hold a {value.GetType()}.", nameof(value)),
        };

    private static string Block(string open, IEnumerable<string> lines, string close)
    {
        var text = string.Join(",\n    ", lines);
        return text.Length == 0 ? open + close : $"{open}\n    {text}\n  {close}";
    }

    private static string Text(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var letter in value)
        {
            if (letter is '"' or '\\')
                text.Append('\\').Append(letter);
            else if (letter < ' ')
                text.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
            else
                text.Append(letter);
        }

        return text.Append('"').ToString();
    }
}
