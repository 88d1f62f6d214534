using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Options;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>The parsed option <c>layers</c> of pruning: <c>pattern:ratio|…</c>, where the ratio is the share of the layer's channels that is removed.</summary>
internal sealed class LayerRatios
{
    private readonly (NamePatterns Pattern, double Ratio)[] _rules;

    private LayerRatios((NamePatterns, double)[] rules) => _rules = rules;

    /// <summary>Whether the option has no rule.</summary>
    public bool IsEmpty => _rules.Length == 0;

    /// <summary>Parses the text of the option.</summary>
    /// <exception cref="CompressionException">MB1005: the text does not have this form.</exception>
    public static LayerRatios Parse(string text) => new([.. QuotedText.Split(text, '|').Select(Rule)]);

    /// <summary>Returns the number of classes of a group that are removed; 0 if no rule matches its layers.</summary>
    public int Count(RemovalOrder order, int multiple)
    {
        var makers = order.Group.Slots.Where(slot => slot.Role == SlotRole.Makes).Select(slot => slot.Node);
        var ratio = _rules.LastOrDefault(rule => makers.Any(node => rule.Pattern.Match(node))).Ratio;
        var wanted = ratio * order.Order.Length;
        return ratio == 0 ? 0 : PruningBudget.Steps(order, 0, multiple).DefaultIfEmpty(0).MinBy(count => Math.Abs(count - wanted));
    }

    private static (NamePatterns, double) Rule(string rule)
    {
        var colon = QuotedText.LastIndexOf(rule, ':');
        return colon > 0 && double.TryParse(rule[(colon + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and < 1
            ? (new NamePatterns(rule[..colon]), ratio)
            : throw new CompressionException(
                Codes.UnknownOption,
                $"'{rule}' in the option 'layers' must be 'pattern:ratio' with a ratio from 0 to less than 1, such as 'Conv:0.25'."
            );
    }
}
