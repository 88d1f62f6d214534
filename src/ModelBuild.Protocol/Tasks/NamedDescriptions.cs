namespace ModelBuild.Protocol;

/// <summary>
/// Divides a line with the descriptions of several inputs, such as <c>left: rgb resize(224,224); right: rgb resize(224,224)</c>. Names are those of the model,
/// and they may contain colons.
/// </summary>
internal static class NamedDescriptions
{
    private const char Separator = ';';
    private const char Mark = ':';

    /// <summary>Returns the description of each input that the line names; empty if the line is the description of one input without its name.</summary>
    /// <param name="text">The line with the descriptions.</param>
    /// <param name="names">The names of the model's inputs.</param>
    /// <exception cref="DescriptionException">Some parts have no name of an input, or an input has two descriptions.</exception>
    public static IReadOnlyList<(string Name, string Text)> Divide(string text, IReadOnlyList<string> names)
    {
        var found = new List<(string Name, string Text)>();
        var position = 0;
        foreach (var part in text.Split(Separator))
        {
            var trimmed = part.Trim();
            var start = position;
            position += part.Length + 1;
            if (trimmed.Length == 0)
                continue;
            var name = names
                .Where(name =>
                    trimmed.StartsWith(name, StringComparison.Ordinal)
                    && trimmed.Substring(name.Length).TrimStart().StartsWith(Mark.ToString(), StringComparison.Ordinal)
                )
                .OrderByDescending(name => name.Length)
                .FirstOrDefault();
            if (name is null && start == 0 && trimmed.IndexOf(Mark) < 0)
                return [];
            if (name is null)
                throw new DescriptionException(
                    text,
                    start,
                    $"each part is 'input: description', and the inputs of the model are {string.Join(", ", names.Select(known => $"'{known}'"))}."
                );
            if (found.Any(other => other.Name == name))
                throw new DescriptionException(text, start, $"the input '{name}' has two descriptions.");
            found.Add((name, trimmed.Substring(trimmed.IndexOf(Mark, name.Length) + 1).Trim()));
        }

        return found;
    }
}
