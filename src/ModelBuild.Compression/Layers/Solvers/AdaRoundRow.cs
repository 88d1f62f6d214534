namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// The state of one row of weights whose rounding <see cref="AdaRound"/> learns. All numbers are in codes. The error of a weight is in units of the row's
/// mean scale.
/// </summary>
internal sealed class AdaRoundRow
{
    // The range of the rectified sigmoid before it is clipped to 0…1: it is 1.2 wide and starts at −0.1, as in the paper about AdaRound.
    private const float Stretch = 1.2f;
    private const float Below = -0.1f;

    // The factor λ of AdaRound's rounding term. With a loss in units of scale and curvature, λ = 1 rounds nearly all weights up or down within a few hundred
    // iterations.
    private const float Decision = 1;

    // The parameters of the optimizer Adam: the learning rate, both decay rates, and the number that prevents a division by zero (Kingma and Ba 2015).
    private const float Rate = 0.05f;
    private const float Momentum = 0.9f;
    private const float SquareMomentum = 0.999f;
    private const float Tiny = 1e-8f;

    private readonly WeightGrid _grid;
    private readonly float[] _targets;
    private readonly float[] _scales;
    private readonly float[] _v;
    private readonly float[] _mean;
    private readonly float[] _square;
    private readonly bool[] _pruned;

    /// <param name="problem">The problem of the layer.</param>
    /// <param name="index">The index of the output channel.</param>
    public AdaRoundRow(LayerProblem problem, int index)
    {
        (_grid, Index) = (problem.Grid, index);
        var columns = problem.Inputs;
        (_targets, _scales, _v, _mean, _square) = (new float[columns], new float[columns], new float[columns], new float[columns], new float[columns]);
        _pruned = new bool[columns];
        (Error, Slope) = (new float[columns], new float[columns]);
        var mean = 0.0;
        for (var i = 0; i < columns; i++)
        {
            _pruned[i] = problem.IsPruned(index, i);
            var zero = _grid.Value(index, i, 0);
            var step = _grid.Value(index, i, 1) - zero;
            _scales[i] = (float)step;
            mean += step / columns;
            _targets[i] = (float)((problem.Weights[index * columns + i] - zero) / step);
            // The rectified sigmoid h(v) of a weight starts at the weight's fraction between two codes.
            var fraction = Math.Clamp(_targets[i] - MathF.Floor(_targets[i]), 0.01f, 0.99f);
            _v[i] = -MathF.Log(Stretch / (fraction - Below) - 1);
        }

        for (var i = 0; i < columns; i++)
            _scales[i] = (float)(_scales[i] / mean);
        UpdateErrors();
    }

    /// <summary>The index of the output channel whose weights the row holds.</summary>
    public int Index { get; }

    /// <summary>The errors ŵ − w of the row's weights, where each weight is rounded up by the fraction h(v).</summary>
    public float[] Error { get; }

    /// <summary>The product of H and <see cref="Error"/>, which the caller sets before each iteration.</summary>
    public float[] Slope { get; }

    /// <summary>Computes one iteration of the gradient descent that learns the rounding.</summary>
    /// <param name="beta">The exponent β; null while the rounding term is off.</param>
    /// <param name="iteration">The number of the iteration, from 0.</param>
    public void Step(double? beta, int iteration)
    {
        var (correct, correctSquare) = (1 - MathF.Pow(Momentum, iteration + 1), 1 - MathF.Pow(SquareMomentum, iteration + 1));
        for (var i = 0; i < _v.Length; i++)
        {
            var sigmoid = 1 / (1 + MathF.Exp(-_v[i]));
            var h = Stretch * sigmoid + Below;
            var gradient = 0f;
            if (h is > 0 and < 1)
            {
                var code = MathF.Floor(_targets[i]) + h;
                if (code > _grid.MinCode && code < _grid.MaxCode)
                    gradient = 2 * _scales[i] * Slope[i];
                if (beta is { } power)
                    gradient -= 2 * Decision * (float)power * MathF.Pow(Math.Abs(2 * h - 1), (float)power - 1) * Math.Sign(2 * h - 1);
                gradient *= Stretch * sigmoid * (1 - sigmoid);
            }

            _mean[i] += (1 - Momentum) * (gradient - _mean[i]);
            _square[i] += (1 - SquareMomentum) * (gradient * gradient - _square[i]);
            _v[i] -= Rate * (_mean[i] / correct) / (MathF.Sqrt(_square[i] / correctSquare) + Tiny);
        }

        UpdateErrors();
    }

    /// <summary>Returns the learned codes of the row's weights.</summary>
    public int[] Codes()
    {
        var codes = new int[_v.Length];
        for (var i = 0; i < codes.Length; i++)
            codes[i] = Math.Clamp(
                _pruned[i] ? (int)MathF.Round(_targets[i]) : (int)MathF.Floor(_targets[i]) + (Up(_v[i]) >= 0.5f ? 1 : 0),
                _grid.MinCode,
                _grid.MaxCode
            );
        return codes;
    }

    /// <summary>Returns the errors ŵ − w of the row's weights when they are rounded to given codes.</summary>
    public float[] Errors(ReadOnlySpan<int> codes)
    {
        var errors = new float[codes.Length];
        for (var i = 0; i < errors.Length; i++)
            errors[i] = _scales[i] * (codes[i] - _targets[i]);
        return errors;
    }

    private static float Up(float v) => Math.Clamp(Stretch / (1 + MathF.Exp(-v)) + Below, 0, 1);

    private void UpdateErrors()
    {
        for (var i = 0; i < _v.Length; i++)
            Error[i] = _scales[i] * (Math.Clamp(MathF.Floor(_targets[i]) + Up(_v[i]), _grid.MinCode, _grid.MaxCode) - _targets[i]);
    }
}
