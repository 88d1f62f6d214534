using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Operators;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>Chooses the seams whose factors make the quantized layers answer held-out calls better.</summary>
internal static class SeamChoice
{
    /// <summary>The seams that keep their factors; the others have none, and are reported.</summary>
    /// <param name="context">With the model and held-out samples.</param>
    /// <param name="seams">The seams.</param>
    /// <param name="statistics">Of the activations, with their channels.</param>
    /// <param name="equalize">Gives seams that have no factors theirs.</param>
    /// <param name="relu6">What happens to a Clip.</param>
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
                Leave(context, seam, "held-out samples have no finite values of its input");
        // A layer between two seams has the factors of both, so what remains is judged again where one of them goes.
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
                Leave(context, seam, "the pair answers held-out samples no better with factors");
            }

            kept = [.. kept.Except(worse)];
        }
    }

    // How much the layer behind makes of each channel of a seam's answers: small channels that it enlarges count as large ones do.
    private static double[] Importance(Seam seam, IReadOnlyList<Seam> seams)
    {
        if (seams.FirstOrDefault(other => other.Producer == seam.Consumer) is not { } next)
            return [.. Enumerable.Repeat(1.0, seam.Consumer.Outputs)];
        var behind = next.Consumer.IsDepthwise && next.Consumer.Outputs == next.Channels ? Importance(next, seams) : null;
        return [.. Enumerable.Range(0, next.Channels).Select(channel => next.ConsumerRange(channel) * (behind?[channel] ?? 1))];
    }

    private static void Leave(PassContext context, Seam seam, string why) => context.Report.Leave(DynamicLayer.Describe(seam.Producer.Node), why);
}
