using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>A matrix product on some rows of its input: the error of quantization with given factors, compared with the outputs in float32.</summary>
internal sealed class SmoothedProduct
{
    private readonly RowAnswers _answers;
    private readonly float[] _weights;
    private readonly float[] _expected;
    private readonly int _inputs;
    private readonly bool _isLast;

    /// <summary>Computes the outputs of the product in float32 on the given rows.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="node">A MatMul or Gemm.</param>
    /// <param name="isLast">Whether it computes the output of the model.</param>
    /// <param name="rows">Rows of its input.</param>
    /// <param name="answers">Computes products of rows.</param>
    public SmoothedProduct(Graph main, NodeProto node, bool isLast, float[] rows, RowAnswers answers)
    {
        var weight = main.Constant(node.Input[1]);
        var layout = WeightLayout.Of(node, weight);
        var alpha = WeightedOperator.Of(node).Alpha(node);
        (_answers, _isLast, _inputs, _weights) = (answers, isLast, layout.Inputs, weight.Read<float, float[]>(layout.ToRows));
        if (alpha != 1)
            _weights = Array.ConvertAll(_weights, value => alpha * value);
        _expected = answers.Of(rows, _weights, _inputs);
        Energy = _expected.Sum(value => (double)value * value);
    }

    /// <summary>The sum of squares of the float32 outputs.</summary>
    public double Energy { get; }

    /// <summary>Returns the squared error of the outputs when the activation and the weights are quantized with given factors.</summary>
    /// <param name="rows">The rows divided by the factors, and quantized.</param>
    /// <param name="factors">The factors.</param>
    /// <param name="inFloat">For each column, whether it is multiplied in float32.</param>
    /// <param name="format">The format in which the weights are quantized.</param>
    public double Error(float[] rows, double[] factors, bool[] inFloat, SmoothingFormat format)
    {
        var answers = _answers.Of(rows, Quantized(factors, inFloat, format), _inputs);
        var error = 0.0;
        for (var i = 0; i < answers.Length; i++)
            error += ((double)answers[i] - _expected[i]) * ((double)answers[i] - _expected[i]);
        return error;
    }

    private float[] Quantized(double[] factors, bool[] inFloat, SmoothingFormat format)
    {
        var scaled = new float[_weights.Length];
        for (var i = 0; i < scaled.Length; i++)
            scaled[i] = inFloat[i % _inputs] ? 0 : (float)(_weights[i] * factors[i % _inputs]);
        var rounded = format.Rounded(scaled, _inputs, _isLast);
        for (var i = 0; i < rounded.Length; i++)
            if (inFloat[i % _inputs])
                rounded[i] = (float)(_weights[i] * factors[i % _inputs]);
        return rounded;
    }
}
