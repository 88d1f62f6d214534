namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>In which order the classes of a group go, and what that costs.</summary>
/// <param name="Group">The group.</param>
/// <param name="Order">Its classes, the least important first.</param>
/// <param name="Losses">For each count of removed classes from 0 on, the error that it makes in the layers that read the group, as a share of what they answer.</param>
internal sealed record RemovalOrder(ChannelGroup Group, int[] Order, double[] Losses)
{
    /// <summary>The order of scores that add up.</summary>
    /// <param name="group">The group.</param>
    /// <param name="scores">What each class is worth.</param>
    public static RemovalOrder ByScore(ChannelGroup group, double[] scores)
    {
        int[] order = [.. Enumerable.Range(0, scores.Length).OrderBy(i => scores[i])];
        var losses = new double[scores.Length + 1];
        for (var i = 0; i < order.Length; i++)
            losses[i + 1] = losses[i] + scores[order[i]];
        return new RemovalOrder(group, [.. order.Select(i => group.Classes[i])], losses);
    }
}
