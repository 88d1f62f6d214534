using System.Globalization;

namespace ModelBuild.Compression.Options;

/// <summary>Converts option values to and from text in the invariant culture.</summary>
internal static class OptionValue
{
    /// <summary>Reads <paramref name="text"/> as a value of <paramref name="type"/>. Returns false when the text is not valid.</summary>
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
        else if (type == typeof(MemorySize) && MemorySize.TryParse(text, out var size))
            value = size;
        else if (type == typeof(DataFile) && DataFile.TryParse(text, out var file))
            value = file;
        else if (type == typeof(Augmentations) && Augmentations.TryParse(text, out var augmentations))
            value = augmentations;
        else if (type.IsEnum)
            value = Enum.GetValues(type).Cast<object>().FirstOrDefault(choice => Format(choice) == text);
        return value is not null;
    }

    /// <summary>Returns the value of an option as recipes write it.</summary>
    public static string Format(object? value) =>
        value switch
        {
            bool truth => truth ? "true" : "false",
            Enum choice => Words(choice.ToString()),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value?.ToString() ?? "",
        };

    /// <summary>Returns the value of an option as a word of a sentence, which is <c>none</c> for an empty value.</summary>
    public static string Describe(object? value) => Format(value) is { Length: > 0 } text ? text : "none";

    /// <summary>Returns the words with which error messages describe the valid values of an option's type.</summary>
    public static string Describe(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) ? "an integer"
        : type == typeof(double) ? "a number"
        : type == typeof(AutoNumber) ? "auto or a number"
        : type == typeof(MemorySize) ? MemorySize.Form
        : type == typeof(NamedNumbers) ? "a name and an integer, such as batch=1"
        : type == typeof(DataFile) ? "a file's path"
        : type == typeof(Augmentations) ? Augmentations.Form
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetValues(type).Cast<object>().Select(Format))}"
        : "text";

    /// <summary>Converts a .NET name to lower-case words with hyphens. A name that ends in a digit, such as <c>UInt8</c>, becomes one word.</summary>
    public static string Words(string name) =>
        char.IsDigit(name[^1])
            ? name.ToLowerInvariant()
            : string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));
}
