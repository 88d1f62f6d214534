using System.IO.Enumeration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Options;

/// <summary>
/// The patterns of an <c>exclude</c> option: names with <c>*</c> and <c>?</c> as wildcards, separated by <c>|</c>. What stands in single quotes is literal.
/// </summary>
internal sealed class NamePatterns
{
    private readonly string[] _patterns;

    /// <exception cref="CompressionException">MB1005: a quote is not closed.</exception>
    public NamePatterns(string text)
    {
        if (!QuotedText.IsClosed(text))
            throw new CompressionException(
                Codes.UnknownOption,
                $"A quote is not closed in the names \"{text}\": a quote that belongs to a name is written twice, in quotes, such as 'it''s'."
            );
        _patterns = [.. QuotedText.Split(text, '|').Select(Expression)];
    }

    /// <summary>Whether any pattern matches <paramref name="name"/>, upper and lower case being different.</summary>
    public bool Match(string name) => _patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));

    /// <summary>Whether any pattern matches the node's name or its operator type.</summary>
    public bool Match(NodeProto node) => Match(node.Name) || Match(node.OpType);

    private static string Expression(string pattern) =>
        string.Concat(QuotedText.Meant(pattern).Select(c => c.Value == '\\' || (c.IsLiteral && c.Value is '*' or '?') ? $"\\{c.Value}" : c.Value.ToString()));
}
