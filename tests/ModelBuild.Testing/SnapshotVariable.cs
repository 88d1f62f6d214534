using System.Text.RegularExpressions;

namespace ModelBuild.Testing;

/// <summary>A part of a snapshot that differs between machines or versions. The snapshot shows its name in square brackets instead.</summary>
/// <param name="Name">The name, such as <c>version</c>.</param>
/// <param name="Pattern">What is replaced.</param>
public sealed record SnapshotVariable(string Name, Regex Pattern)
{
    /// <summary>Creates a variable that stands for one text, such as the path of a folder.</summary>
    public static SnapshotVariable Of(string name, string text) => new(name, new Regex(Regex.Escape(text), RegexOptions.CultureInvariant));

    /// <summary>Creates a variable that stands for the values of some properties in an indented JSON document.</summary>
    public static SnapshotVariable OfProperties(string name, params string[] properties) =>
        new(name, new Regex($"(?<=\"(?:{string.Join('|', properties)})\": )[^\\[{{\\s,][^\\n]*?(?=,?\\n)", RegexOptions.CultureInvariant));

    /// <summary>Replaces all occurrences.</summary>
    public string Replace(string text) => Pattern.Replace(text, _ => $"[{Name}]");
}
