using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>Channel classes that have their slices in the same constants, such as all outputs of one convolution. Some of the classes can be removed.</summary>
/// <param name="Name">The name of the first layer that computes the channels.</param>
/// <param name="Classes">The classes, each identified by one of its channels.</param>
/// <param name="Slots">The axes of constants with slices of these channels.</param>
internal sealed record ChannelGroup(string Name, int[] Classes, WeightSlot[] Slots)
{
    /// <summary>
    /// Returns the groups of a graph, in the order of their first layers. The report gets the reason why channels are locked, for each layer that computes
    /// them.
    /// </summary>
    public static IReadOnlyList<ChannelGroup> Find(ChannelAnalysis analysis, PassReport report)
    {
        var slotsOf = new SortedDictionary<int, SortedSet<int>>();
        foreach (var (i, slot) in analysis.Slots.Index())
        foreach (var channel in slot.Channels)
        {
            var slots = slotsOf.TryGetValue(analysis.Classes.Of(channel), out var known) ? known : slotsOf[analysis.Classes.Of(channel)] = [];
            slots.Add(i);
        }

        var groups = slotsOf
            .Where(entry => analysis.Classes.WhyLocked(entry.Key) is null)
            .GroupBy(entry => string.Join(' ', entry.Value), StringComparer.Ordinal)
            .Select(group => (Classes: group.Select(entry => entry.Key).ToArray(), Slots: group.First().Value.Select(i => analysis.Slots[i]).ToArray()))
            .Where(group => group.Slots.Any(slot => slot.Role == SlotRole.Makes) && group.Slots.Any(slot => slot.Role == SlotRole.Reads))
            .Select(group => new ChannelGroup(NodeLabel.Of(group.Slots.First(slot => slot.Role == SlotRole.Makes).Node), group.Classes, group.Slots))
            .ToArray();
        foreach (
            var slot in analysis.Slots.Where(slot =>
                slot.Role == SlotRole.Makes && slot.Channels.All(channel => analysis.Classes.WhyLocked(channel) is not null)
            )
        )
            report.Leave(NodeLabel.Of(slot.Node), analysis.Classes.WhyLocked(slot.Channels[0])!);
        return groups;
    }
}
