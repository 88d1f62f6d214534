using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>Runs a model on a few calls, all of them through one part after another: of a large model only a part's weights are in a session at once.</summary>
internal static class PartwiseRun
{
    // Of weights in a part.
    private const long PartBytes = 64 << 20;

    /// <summary>Whether a model is so large that running it whole takes more memory than running it in parts is worth.</summary>
    public static bool IsWorth(OnnxModel model) => LargeModels.WeightBytes(model) > 2 * PartBytes;

    /// <summary>The model's outputs, call by call, in the graph's order.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">What it runs on.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <param name="partBytes">How much the weights of a part may take.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime failed.</exception>
    public static IReadOnlyList<OutputValues>[] Run(
        OnnxModel model,
        IReadOnlyList<Sample> samples,
        CancellationToken cancellationToken,
        long partBytes = PartBytes
    )
    {
        string[] outputs = [.. model.Proto.Graph.Output.Select(output => output.Name)];
        var front = new ModelFront(model, samples[0].Shapes(), samples.Count);
        foreach (var next in Begins(model, partBytes))
        {
            using var part = front.Next([], outputs, node => node == next);
            foreach (var (call, sample) in samples.Index())
                part.Run(sample, call, cancellationToken).Dispose();
        }

        using var last = front.Next(outputs, [], _ => false);
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

    /// <summary>Takes a front, part by part, to the part that has the first node for which something holds: what lies before may be most of a large model.</summary>
    /// <param name="front">A front that has not run.</param>
    /// <param name="model">Its model.</param>
    /// <param name="later">The values that parts will show.</param>
    /// <param name="holds">Holds for a node.</param>
    /// <param name="samples">What the front runs on, call by call.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <param name="partBytes">How much the weights of a part may take.</param>
    public static void Approach(
        ModelFront front,
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
            using var part = front.Next([], later, node => node == next);
            foreach (var (call, sample) in samples.Index())
                part.Run(sample, call, cancellationToken).Dispose();
        }
    }

    // The first node of each part but the first.
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
