using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// Measures the error of each layer at each share of its multiply-adds, and divides a share of the multiply-adds of all layers among them accordingly.
/// </summary>
internal sealed class ErrorCurves
{
    // The number of steps of a curve. The curve of a layer has one point for each sixteenth of its multiply-adds.
    private const int Steps = 16;

    private readonly IReadOnlyList<FactorableLayer> _layers;
    private readonly double[]?[] _curves;

    /// <summary>Measures the layers: on samples if there are any, otherwise by their weights.</summary>
    public ErrorCurves(PassContext context, OnnxModel reference, IReadOnlyList<FactorableLayer> layers)
    {
        (_layers, _curves) = (layers, new double[layers.Count][]);
        var places = layers.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        if (context.Calibration?.Fit is { } samples)
            new WavefrontSweep(context.ForSweep(), reference, samples).Measure(
                [.. WavefrontSweep.Together(layers, WavefrontSweep.Bytes)],
                (layer, _, moments) => _curves[places[layer]] = Curve(layer, layer.Measured(moments, context.CancellationToken), context.CancellationToken),
                done: _ => { }
            );
        else
            Parallel.For(
                0,
                layers.Count,
                new ParallelOptions { CancellationToken = context.CancellationToken },
                i => _curves[i] = Curve(layers[i], layers[i].Plain(), context.CancellationToken)
            );
    }

    /// <summary>
    /// Divides a share of the multiply-adds among the layers. It starts with all multiply-adds. Each iteration reduces one layer by one or more sixteenths,
    /// where the error increases least for the saved multiply-adds, until the share is reached.
    /// </summary>
    /// <param name="share">The share of the multiply-adds of all layers.</param>
    /// <returns>The share of each layer, by the name of its output; 1 for a layer that does not change.</returns>
    public IReadOnlyDictionary<string, double> Divide(double share)
    {
        var steps = Enumerable.Repeat(Steps, _layers.Count).ToArray();
        var excess = _layers.Sum(layer => layer.Geometry.AllWork) * (1 - share);
        while (excess > 0)
        {
            var (best, to, least) = (-1, 0, double.PositiveInfinity);
            for (var i = 0; i < steps.Length; i++)
            for (var step = steps[i] - 1; step > 0 && _curves[i] is { } curve; step--)
                if ((curve[step] - curve[steps[i]]) / (_layers[i].Geometry.AllWork * (steps[i] - step)) is var cost && cost < least)
                    (best, to, least) = (i, step, cost);
            if (best < 0)
                break;
            excess -= (steps[best] - to) * _layers[best].Geometry.AllWork / Steps;
            steps[best] = to;
        }

        return _layers.Zip(steps).ToDictionary(pair => pair.First.Node.Output[0], pair => (double)pair.Second / Steps, StringComparer.Ordinal);
    }

    // Returns the errors with 0, 1, … sixteenths of the multiply-adds, each for the form with the least error. An error is 1 if no rank is so small.
    private static double[] Curve(FactorableLayer layer, FactorTarget target, CancellationToken cancellationToken)
    {
        var curve = Enumerable.Repeat(1.0, Steps + 1).ToArray();
        curve[Steps] = 0;
        foreach (var form in layer.Forms)
        {
            var energies = form.Energies(target, cancellationToken);
            var all = energies.Sum();
            for (var step = 1; step < Steps && all > 0; step++)
                curve[step] = Math.Min(curve[step], energies.Skip(form.RankOfShare((double)step / Steps)).Sum() / all);
        }

        return curve;
    }
}
