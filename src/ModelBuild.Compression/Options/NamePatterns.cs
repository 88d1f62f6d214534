using System.IO.Enumeration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Options;

/// <summary>
/// The patterns of an <c>exclude</c> option: names with the wildcards <c>*</c> and <c>?</c>, separated by <c>|</c>. Text in single quotes is literal.
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

    /// <summary>Returns whether any pattern matches <paramref name="name"/>. The comparison is case-sensitive.</summary>
    public bool Match(string name) => _patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));

    /// <summary>Returns whether any pattern matches the node's name or its operator type.</summary>
    public bool Match(NodeProto node) => Match(node.Name) || Match(node.OpType);

    private static string Expression(string pattern) =>
        string.Concat(
            QuotedText.Unescape(pattern).Select(c => c.Value == '\\' || (c.IsLiteral && c.Value is '*' or '?') ? $"\\{c.Value}" : c.Value.ToString())
        );
}
