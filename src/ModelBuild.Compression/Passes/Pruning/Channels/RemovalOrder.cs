namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>The order in which the channel classes of a group are removed, and the errors that this causes.</summary>
/// <param name="Group">The group.</param>
/// <param name="Order">The classes, the least important first.</param>
/// <param name="Losses">
/// For each count of removed classes from 0 on, the error in the layers that read the group, as a share of the energy of their outputs.
/// </param>
internal sealed record RemovalOrder(ChannelGroup Group, int[] Order, double[] Losses)
{
    /// <summary>Returns the order of ascending scores. The error of several classes is the sum of their scores.</summary>
    /// <param name="group">The group.</param>
    /// <param name="scores">The importance of each class.</param>
    public static RemovalOrder ByScore(ChannelGroup group, double[] scores)
    {
        int[] order = [.. Enumerable.Range(0, scores.Length).OrderBy(i => scores[i])];
        var losses = new double[scores.Length + 1];
        for (var i = 0; i < order.Length; i++)
            losses[i + 1] = losses[i] + scores[order[i]];
        return new RemovalOrder(group, [.. order.Select(i => group.Classes[i])], losses);
    }
}
