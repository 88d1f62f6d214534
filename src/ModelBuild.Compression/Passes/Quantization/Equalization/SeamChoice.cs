using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Operators;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>Chooses the seams whose factors reduce the error of the quantized layers on held-out calls.</summary>
internal static class SeamChoice
{
    /// <summary>Returns the seams that keep their factors. The factors of the others are removed, and the report gets the reason.</summary>
    /// <param name="context">The context with the model and held-out samples.</param>
    /// <param name="seams">The seams.</param>
    /// <param name="statistics">The statistics of the activations for each channel.</param>
    /// <param name="equalize">Computes the factors of seams without factors.</param>
    /// <param name="relu6">The handling of a Clip.</param>
    public static Seam[] Best(
        PassContext context,
        IReadOnlyList<Seam> seams,
        IReadOnlyDictionary<string, TensorStatistics> statistics,
        Action<IReadOnlyList<Seam>> equalize,
        Relu6Handling relu6
    )
    {
        if (seams.Count == 0)
            return [];
        var calls = HeldOutCalls.Of(context, seams.Select(seam => seam.Producer.Node.Input[0]), context.Calibration!.HeldOut!);
        var format = SeamFormat.Of(context.Following, context.Target);
        var trials = new Dictionary<Seam, SeamTrial>(ReferenceEqualityComparer.Instance);
        foreach (var seam in seams)
            if (calls.TryGetValue(seam.Producer.Node.Input[0], out var seen))
                trials[seam] = new SeamTrial(context, seam, Importance(seam, seams), seen, statistics[seam.Activation], format, relu6);
            else
                Leave(context, seam, "its input has no finite values on held-out samples");
        // If a seam loses its factors, its neighbours are evaluated again, because a layer between two seams has the factors of both.
        Seam[] kept = [.. trials.Keys];
        while (true)
        {
            foreach (var seam in kept)
                seam.Reset();
            equalize(kept);
            Seam[] worse = [.. kept.Where(seam => !trials[seam].IsBetter())];
            if (worse.Length == 0)
                return kept;
            foreach (var seam in worse)
            {
                seam.Reset();
                Leave(context, seam, "factors do not reduce the error on held-out samples");
            }

            kept = [.. kept.Except(worse)];
        }
    }

    // Returns the importance of each channel of the consumer's output, which is the weight that the next layer multiplies it with. Small channels that the next
    // layer enlarges count as much as large ones.
    private static double[] Importance(Seam seam, IReadOnlyList<Seam> seams)
    {
        if (seams.FirstOrDefault(other => other.Producer == seam.Consumer) is not { } next)
            return [.. Enumerable.Repeat(1.0, seam.Consumer.Outputs)];
        var behind = next.Consumer.IsDepthwise && next.Consumer.Outputs == next.Channels ? Importance(next, seams) : null;
        return [.. Enumerable.Range(0, next.Channels).Select(channel => next.ConsumerRange(channel) * (behind?[channel] ?? 1))];
    }

    private static void Leave(PassContext context, Seam seam, string why) => context.Report.Leave(NodeLabel.Of(seam.Producer.Node), why);
}
