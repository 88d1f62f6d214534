using System.IO.Enumeration;

namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>The patterns of an <c>exclude</c> option: names with <c>*</c> and <c>?</c> as wildcards, separated by <c>|</c>.</summary>
internal sealed class NamePatterns(string text)
{
    private readonly string[] _patterns = text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether any pattern matches <paramref name="name"/>, upper and lower case being different.</summary>
    public bool Match(string name) => _patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}
