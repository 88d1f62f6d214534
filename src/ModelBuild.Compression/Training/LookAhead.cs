using System.Numerics.Tensors;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Compression.Training.Runs;

namespace ModelBuild.Compression.Training;

/// <summary>
/// Learns the settings of a loss from their effect on held-out rows. A step moves the parameters against the gradient g of the loss, so that the measured loss
/// on held-out rows, whose gradient is v, changes by −rate·vᵀg. The derivative of this change by a setting is proportional to that of −vᵀg, and a difference of
/// two losses at parameters that are moved along v and against it gives vᵀg (Liu, Simonyan and Yang, "DARTS: Differentiable architecture search", 2019).
/// </summary>
/// <param name="settings">The settings.</param>
/// <param name="judge">Computes the judged loss of held-out rows with the gradients of the parameters.</param>
/// <param name="measure">Computes the terms of the loss of training rows.</param>
/// <param name="parameters">The parameters.</param>
/// <param name="data">The rows.</param>
/// <param name="size">The number of rows of a batch.</param>
internal sealed class LookAhead(LossSettings settings, LossRuns judge, LossRuns measure, IReadOnlyList<Parameter> parameters, TrainingSet data, int size)
{
    /// <summary>The number of training steps between two updates of the settings.</summary>
    public const int Interval = 10;

    // The share of their norm by which the parameters are changed to measure an effect on the loss.
    private const double Distance = 1e-3;

    // The number that is added to the logarithm of the temperature, and subtracted from it, to measure the effect of the temperature on the loss.
    private const float TemperatureDistance = 0.1f;

    /// <summary>Updates the settings of the loss. Nothing changes if a loss is not finite.</summary>
    /// <param name="batch">Rows that the step has trained on.</param>
    /// <param name="number">The number of updates before, which chooses the held-out rows.</param>
    public void Learn(TrainingBatch batch, int number)
    {
        var count = (data.HeldOutRows + size - 1) / size;
        if (count == 0)
            return;
        var heldOut = data.HeldOut(size).ElementAt(number % count);
        judge.Run(heldOut);
        Parameter[] moved = [.. judge.For(heldOut).Graph.Parameters.Select(pair => pair.Parameter)];
        var direction = Array.ConvertAll(moved, parameter => parameter.Gradient.ToArray());
        var norm = Norm(direction);
        var length = Distance * Norm(parameters.Select(parameter => parameter.Values)) / norm;
        if (norm == 0 || !double.IsFinite(length))
            return;
        var factors = Alignment(batch, moved, direction, length);
        var logarithm = settings.Temperature.Logarithm!.Values;
        var temperature = logarithm[0];
        logarithm[0] = temperature + TemperatureDistance;
        var hotter = Alignment(batch, moved, direction, length).Sum();
        logarithm[0] = temperature - TemperatureDistance;
        var colder = Alignment(batch, moved, direction, length).Sum();
        logarithm[0] = temperature;
        var derivative = (hotter - colder) / (2 * TemperatureDistance);
        if (double.IsFinite(derivative) && factors.All(double.IsFinite))
            settings.Update(-derivative, Array.ConvertAll(factors, factor => -factor));
    }

    // Returns, for each term of the loss, the inner product of the vector v with the gradient of the term times its factor. All results have the same unknown
    // positive factor.
    private double[] Alignment(TrainingBatch batch, Parameter[] moved, float[][] direction, double length)
    {
        var kept = Array.ConvertAll(moved, parameter => parameter.Values.ToArray());
        double[] At(double distance)
        {
            foreach (var (index, parameter) in moved.Index())
                TensorPrimitives.MultiplyAdd<float>(direction[index], (float)distance, kept[index], parameter.Values);
            return [.. measure.Run(batch).Select(term => term.Value)];
        }

        var (forward, back) = (At(length), At(-length));
        foreach (var (index, parameter) in moved.Index())
            kept[index].CopyTo(parameter.Values, 0);
        return [.. forward.Zip(back, (a, b) => a - b)];
    }

    private static double Norm(IEnumerable<float[]> arrays) => Math.Sqrt(arrays.Sum(array => Math.Pow(TensorPrimitives.Norm<float>(array), 2)));
}
