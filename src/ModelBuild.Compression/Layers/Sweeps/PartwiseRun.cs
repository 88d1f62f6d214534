using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>
/// Runs a model on a few calls, part by part: all calls run through one part before the next part is opened. Only the weights of one part of a large model
/// are in a session at the same time.
/// </summary>
internal static class PartwiseRun
{
    // The largest number of weight bytes in one part of a model that runs part by part.
    private const long PartBytes = 64 << 20;

    /// <summary>Returns whether a model is so large that running it in parts saves enough memory.</summary>
    public static bool IsWorth(OnnxModel model) => LargeModels.WeightBytes(model) > 2 * PartBytes;

    /// <summary>Returns the outputs of the model for each call, in graph order.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">The calls.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <param name="partBytes">The largest number of weight bytes in one part.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime failed.</exception>
    public static IReadOnlyList<OutputValues>[] Run(
        OnnxModel model,
        IReadOnlyList<Sample> samples,
        CancellationToken cancellationToken,
        long partBytes = PartBytes
    )
    {
        string[] outputs = [.. model.Proto.Graph.Output.Select(output => output.Name)];
        var prefix = new ModelPrefix(model, samples[0].Shapes(), samples.Count);
        foreach (var next in Begins(model, partBytes))
        {
            using var part = prefix.Next([], outputs, node => node == next);
            foreach (var (call, sample) in samples.Index())
                part.Run(sample, call, cancellationToken).Dispose();
        }

        using var last = prefix.Next(outputs, [], _ => false);
        return
        [
            .. samples.Select(
                (sample, call) =>
                {
                    using var values = last.Run(sample, call, cancellationToken);
                    return Values(values, outputs);
                }
            ),
        ];
    }

    /// <summary>Runs the parts before the first node that fulfils a condition, because they may be most of a large model.</summary>
    /// <param name="prefix">A new instance that has not run any part.</param>
    /// <param name="model">The model of <paramref name="prefix"/>.</param>
    /// <param name="later">The names of values that later parts output.</param>
    /// <param name="holds">The condition of a node.</param>
    /// <param name="samples">The calls.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <param name="partBytes">The largest number of weight bytes in one part.</param>
    public static void Approach(
        ModelPrefix prefix,
        OnnxModel model,
        IReadOnlyCollection<string> later,
        Func<NodeProto, bool> holds,
        IEnumerable<Sample> samples,
        CancellationToken cancellationToken,
        long partBytes = PartBytes
    )
    {
        var before = model.Proto.Graph.Node.TakeWhile(node => !holds(node)).ToHashSet();
        foreach (var next in Begins(model, partBytes).TakeWhile(before.Contains))
        {
            using var part = prefix.Next([], later, node => node == next);
            foreach (var (call, sample) in samples.Index())
                part.Run(sample, call, cancellationToken).Dispose();
        }
    }

    // Cuts a model into parts with a limited number of weight bytes. Returns the first node of each part except the first part.
    private static IEnumerable<NodeProto> Begins(OnnxModel model, long partBytes)
    {
        var bytes = model.Proto.Graph.Initializer.ToDictionary(tensor => tensor.Name, tensor => (long)tensor.RawData.Length, StringComparer.Ordinal);
        var sum = 0L;
        foreach (var node in model.Proto.Graph.Node)
        {
            var own = node.Input.Sum(input => bytes.GetValueOrDefault(input));
            if (sum > 0 && sum + own > partBytes)
            {
                yield return node;
                sum = 0;
            }

            sum += own;
        }
    }

    private static OutputValues[] Values(PartValues values, string[] outputs) =>
        [
            .. outputs.Select(output =>
            {
                using var value = ModelRunner.ToOrtValue(values.Copy(output));
                return OutputReader.Read(value);
            }),
        ];
}
