using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Layers.Solvers;

namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>
/// Keeps the results of solvers that reduce the error of a layer on held-out rows: for each output channel separately, because each has its own weights,
/// codes and bias, and for all channels together if they share a scale. A solver always reduces the error of the rows that it is fitted to. Other rows may
/// not gain if the rows are few, or if many of them recur in each sample.
/// </summary>
internal sealed class LayerAcceptance
{
    private readonly LayerProblem _problem;
    private readonly LayerSample _heldOut;
    private readonly RowAnswers _answers;
    private readonly float[]? _plainBias;
    private readonly float[] _weights;
    private WeightGrid _grid;
    private readonly int[] _codes;
    private readonly float[]? _bias;
    private readonly double[] _errors;

    /// <summary>Stores the present state of the layer, which the results of solvers are compared with.</summary>
    /// <param name="problem">The layer with its codes.</param>
    /// <param name="heldOut">Rows that no solver is fitted to.</param>
    /// <param name="answers">Computes products of rows.</param>
    public LayerAcceptance(LayerProblem problem, LayerSample heldOut, RowAnswers answers)
    {
        (_problem, _heldOut, _answers) = (problem, heldOut, answers);
        _plainBias = problem.Bias is { } bias ? [.. bias] : null;
        (_weights, _grid, _codes, _bias) = ([.. problem.Weights], Copy(problem.Grid), [.. problem.Codes!], _plainBias is null ? null : [.. _plainBias]);
        _errors = Errors();
    }

    /// <summary>The number of output channels that have changed.</summary>
    public int Accepted { get; private set; }

    /// <summary>Restores the output channels whose error the last solver has increased.</summary>
    public void Consider()
    {
        _problem.Codes ??= _problem.Grid.Round(_problem.Weights);
        var errors = Errors();
        bool[] isBetter = _problem.GridRule.Shared
            ? [.. Enumerable.Repeat(errors.Sum() < _errors.Sum(), _problem.Outputs)]
            : [.. errors.Select((error, row) => error < _errors[row])];
        for (var row = 0; row < isBetter.Length; row++)
            if (isBetter[row])
                Keep(row, errors[row]);
        (_problem.Weights, _problem.Grid, _problem.Codes, _problem.Bias) = ([.. _weights], Copy(_grid), [.. _codes], _bias is null ? null : [.. _bias]);
    }

    private static WeightGrid Copy(WeightGrid grid) => grid.Part(0, grid.Rows);

    private void Keep(int row, double error)
    {
        var (first, count) = (row * _problem.Inputs, _problem.Inputs);
        _problem.Weights.AsSpan(first, count).CopyTo(_weights.AsSpan(first));
        _problem.Codes.AsSpan(first, count).CopyTo(_codes.AsSpan(first));
        if (_problem.GridRule.Shared)
            _grid = _problem.Grid;
        else
            _grid.Set(row, _problem.Grid.Part(row, 1));
        if (_bias is not null)
            _bias[row] = _problem.Bias![row];
        _errors[row] = error;
        Accepted++;
    }

    // Returns the squared error of each output channel. If the bias from before the solvers has a smaller error than the present bias, it replaces the
    // present bias.
    private double[] Errors()
    {
        var (outputs, rows) = (_problem.Outputs, _heldOut.Rows);
        var answers = _answers.Of(_heldOut.X, Array.ConvertAll(_problem.Quantized(), weight => (float)weight), _problem.Inputs);
        var (sums, squares) = (new double[outputs], new double[outputs]);
        for (var i = 0; i < answers.Length; i++)
        {
            var row = i % outputs;
            var error = answers[i] - _heldOut.Y[i] + (_problem.Bias is { } bias ? bias[row] : 0.0);
            sums[row] += error;
            squares[row] += error * error;
        }

        if (_problem.Bias is not null)
            for (var row = 0; row < outputs; row++)
            {
                var shift = (double)_plainBias![row] - _problem.Bias[row];
                var change = shift * (2 * sums[row] + shift * rows);
                if (change >= 0)
                    continue;
                _problem.Bias[row] = _plainBias[row];
                squares[row] += change;
            }

        return squares;
    }
}
