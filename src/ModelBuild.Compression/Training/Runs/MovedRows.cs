using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ModelBuild.Compression.Training.Data;

namespace ModelBuild.Compression.Training.Runs;

/// <summary>
/// Changes rows adversarially: each element of the float32 inputs moves a fixed distance in the direction in which the loss grows (Goodfellow, Shlens and
/// Szegedy, "Explaining and harnessing adversarial examples", 2015). The distance is a share of the range of the batch, which no element leaves.
/// </summary>
/// <param name="runs">Computes the gradients of the inputs.</param>
/// <param name="distance">The distance as a share of the range of the values of a batch.</param>
/// <param name="share">The share of the rows of a batch that are moved: the first ones.</param>
internal sealed class MovedRows(LossRuns runs, double distance, double share)
{
    /// <summary>Changes the rows of a batch in place.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="inputs">Returns the memory of each input, which has the values of the batch.</param>
    public void Move(TrainingBatch batch, Func<string, Memory<byte>> inputs)
    {
        runs.Run(batch);
        var session = runs.For(batch);
        foreach (var (input, gradient) in session.Graph.InputGradients)
        {
            var values = MemoryMarshal.Cast<byte, float>(inputs(input.Name).Span);
            if (values.Length == 0 || !batch.IsByRow(input.Name))
                continue;
            var (low, high) = (TensorPrimitives.Min<float>(values), TensorPrimitives.Max<float>(values));
            var step = (float)(distance * ((double)high - low));
            var direction = session.InputGradient(gradient);
            var count = values.Length / batch.Count * (int)Math.Ceiling(share * batch.Count);
            for (var i = 0; i < count; i++)
                if (float.IsFinite(direction[i]))
                    values[i] = Math.Clamp(values[i] + (step * Math.Sign(direction[i])), low, high);
        }
    }
}
