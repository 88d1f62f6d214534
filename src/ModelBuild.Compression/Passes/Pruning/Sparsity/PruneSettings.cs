using System.Text.RegularExpressions;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Options;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Sparsity;

/// <summary>The parsed options of <c>prune</c> for each layer.</summary>
internal sealed partial class PruneSettings
{
    private readonly SparsityPattern _basis;
    private readonly NamePatterns _excluded;
    private readonly (NamePatterns Pattern, SparsityPattern Sparsity)[] _rules;

    /// <exception cref="CompressionException">MB1005: a sparsity or a rule cannot be parsed.</exception>
    public PruneSettings(PruneOptions options)
    {
        _basis = SparsityPattern.Parse(options.Sparsity);
        _excluded = new NamePatterns(options.Exclude);
        _rules = [.. QuotedText.Split(options.Layers, '|').Select(ParseRule)];
    }

    /// <summary>Returns the sparsity of a layer; null if it is excluded.</summary>
    /// <param name="node">The layer.</param>
    /// <param name="isNamed">Whether a rule of the option <c>layers</c> matches; the last rule that matches applies.</param>
    public SparsityPattern? Of(NodeProto node, out bool isNamed)
    {
        var rule = Array.FindLast(_rules, rule => rule.Pattern.Match(node));
        isNamed = rule.Sparsity is not null;
        return _excluded.Match(node) ? null : rule.Sparsity ?? _basis;
    }

    private static (NamePatterns Pattern, SparsityPattern Sparsity) ParseRule(string rule) =>
        RuleText().Match(rule) is { Success: true } match
            ? (new NamePatterns(match.Groups["pattern"].Value), SparsityPattern.Parse(match.Groups["sparsity"].Value))
            : throw new CompressionException(
                Codes.UnknownOption,
                $"'{rule}' in the option 'layers' must be 'pattern:sparsity', such as 'Conv:0.7' or '/fc1/*:2:4'."
            );

    // Matches a rule 'names:sparsity', whose sparsity may be N:M. Names and N:M may contain colons, so the names are matched lazily.
    [GeneratedRegex(@"^(?<pattern>.+?):(?<sparsity>\d+:\d+|[^:']+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex RuleText();
}
