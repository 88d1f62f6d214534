namespace ModelBuild.Protocol;

/// <summary>Composes the command that trains a model, for messages.</summary>
internal static class TrainCommandLine
{
    /// <summary>
    /// Returns the command that trains a model, such as <c>modelbuild train digits.onnx --compression "prune fine-tune" --training-data "data/*.npz"</c>.
    /// </summary>
    /// <param name="model">The path of the model, as a user writes it.</param>
    /// <param name="options">The options with their values; options without a value are left out.</param>
    public static string Of(string model, params (string Name, string? Value)[] options) =>
        string.Join(
            " ",
            new[] { "modelbuild train", Quoted(model) }.Concat(
                options.Where(option => option.Value is { Length: > 0 }).Select(option => $"{option.Name} {Quoted(option.Value!)}")
            )
        );

    /// <summary>Returns one option for each value of a list, all with the same name.</summary>
    public static IEnumerable<(string Name, string? Value)> Repeated(string name, IEnumerable<string> values) => values.Select(value => (name, (string?)value));

    private static string Quoted(string value) => value.All(IsPlain) ? value : $"\"{value.Replace("\"", "\\\"")}\"";

    // Returns whether a character needs no quotes. Any other character may have a meaning for a shell.
    private static bool IsPlain(char letter) => char.IsLetterOrDigit(letter) || letter is '.' or '/' or '-' or '_' or ':' or '%';
}
