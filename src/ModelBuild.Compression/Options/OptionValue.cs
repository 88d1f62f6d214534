using System.Globalization;

namespace ModelBuild.Compression.Options;

/// <summary>Option values as text, always in the invariant culture.</summary>
internal static class OptionValue
{
    /// <summary>Reads <paramref name="text"/> as <paramref name="type"/>; false when it is not one.</summary>
    public static bool TryParse(string text, Type type, out object? value)
    {
        value = null;
        if (type == typeof(string))
            value = text;
        else if (type == typeof(bool) && bool.TryParse(text, out var truth))
            value = truth;
        else if (type == typeof(int) && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole))
            value = whole;
        else if (type == typeof(double) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real))
            value = real;
        else if (type == typeof(AutoNumber) && AutoNumber.TryParse(text, out var number))
            value = number;
        else if (type == typeof(DataFile) && DataFile.TryParse(text, out var file))
            value = file;
        else if (type.IsEnum)
            value = Enum.GetValues(type).Cast<object>().FirstOrDefault(choice => Format(choice) == text);
        return value is not null;
    }

    /// <summary>The value as a recipe writes it.</summary>
    public static string Format(object? value) =>
        value switch
        {
            bool truth => truth ? "true" : "false",
            Enum choice => Words(choice.ToString()),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value?.ToString() ?? "",
        };

    /// <summary>The value in a sentence.</summary>
    public static string Describe(object? value) => Format(value) is { Length: > 0 } text ? text : "none";

    /// <summary>What an error calls the type.</summary>
    public static string Describe(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) ? "a whole number"
        : type == typeof(double) ? "a number"
        : type == typeof(AutoNumber) ? "auto or a number"
        : type == typeof(NamedNumbers) ? "a name and a whole number, such as batch=1"
        : type == typeof(DataFile) ? "a file's path"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetValues(type).Cast<object>().Select(Format))}"
        : "text";

    /// <summary>A .NET name in lower case with hyphens between its words; acronyms with digits, such as <c>UInt8</c>, are one word.</summary>
    public static string Words(string name) =>
        char.IsDigit(name[^1])
            ? name.ToLowerInvariant()
            : string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));
}
