using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Passes.Quantization.Blocks;
using ModelBuild.Compression.Passes.Quantization.Dynamic;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// The quantization error of the products of an activation: Σ ‖X W − Q(X S⁻¹) Q(S W)‖² over the layers that multiply it, on held-out rows. Activations and
/// weights are quantized as by the next step of the recipe (<see cref="SmoothingFormat"/>).
/// </summary>
internal sealed class SmoothingLoss
{
    private readonly IReadOnlyList<SeenCall> _calls;
    private readonly SmoothedProduct[] _products;
    private readonly double[] _ranges;
    private readonly SmoothingFormat _format;

    /// <summary>Computes the outputs of the layers in float32 on held-out rows.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="smoothing">The activation.</param>
    /// <param name="calls">The collected data of the activation.</param>
    /// <param name="ranges">The largest magnitude of each column on the samples that steps are fitted to.</param>
    /// <param name="format">The format in which the products are quantized.</param>
    /// <param name="answers">Computes products of rows.</param>
    public SmoothingLoss(Graph main, Smoothing smoothing, IReadOnlyList<SeenCall> calls, double[] ranges, SmoothingFormat format, RowAnswers answers)
    {
        (_calls, _ranges, _format) = (calls, ranges, format);
        float[] rows = [.. calls.SelectMany(call => call.Rows)];
        var last = LastLayers.Find(main);
        _products = [.. smoothing.Layers.Select(layer => new SmoothedProduct(main, layer.Node, last.Contains(layer.Node), rows, answers))];
        Energy = _products.Sum(product => product.Energy);
    }

    /// <summary>The sum of squares of the float32 outputs.</summary>
    public double Energy { get; }

    /// <summary>Returns the squared error of the outputs if the activation's columns are divided by factors.</summary>
    public double Of(double[] factors)
    {
        var inFloat = new bool[factors.Length];
        foreach (var column in OutlierColumns.Find([.. _ranges.Zip(factors, (range, factor) => range / factor)], _format.Outliers))
            inFloat[column] = true;
        float[] rows = [.. _calls.SelectMany(call => QuantizedRows.Of(call, factors, inFloat, _format))];
        return _products.Sum(product => product.Error(rows, factors, inFloat, _format));
    }
}
