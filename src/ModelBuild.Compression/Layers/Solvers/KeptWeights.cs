using System.Collections.Concurrent;
using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Layers.Losses;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Solves the weights of a layer that may differ from zero: min ŵ H ŵᵀ − 2 c ŵᵀ + λ‖ŵ − w‖². Each row has its own set of such columns. The method is
/// conjugate gradients with the diagonal as preconditioner (Hestenes and Stiefel 1952). Groups of rows share each pass over H. Zero weights stay zero because
/// their residual is set to zero.
/// </summary>
internal sealed class KeptWeights
{
    // A row of weights has converged when its preconditioned residual is at most this share of the right-hand side.
    private const double Tolerance = 1e-4;

    // The arrays that finished groups of rows used as working memory, for reuse by other groups.
    private readonly ConcurrentBag<double[]> _free = [];
    private readonly LayerLoss _loss;
    private readonly float[] _weights;
    private readonly int _columns;
    private readonly double _lambda;
    private readonly double[] _diagonal;

    /// <param name="loss">The loss with H and c.</param>
    /// <param name="weights">The weights w [N, K], which λ draws the solution to.</param>
    /// <param name="ridge">The ridge λ as a share of the mean of H's diagonal; more than 0.</param>
    public KeptWeights(LayerLoss loss, float[] weights, double ridge)
    {
        (_loss, _weights, _columns, _lambda) = (loss, weights, loss.Inputs, ridge * loss.Scale);
        _diagonal = new double[_columns];
        for (var i = 0; i < _columns; i++)
            _diagonal[i] = loss.Curvature(i) + _lambda;
    }

    /// <summary>Improves the weights in <paramref name="solution"/> [N, K] with some iterations of conjugate gradients.</summary>
    /// <param name="solution">The start, which is replaced by the result; zero where <paramref name="kept"/> is false.</param>
    /// <param name="kept">Whether each weight [N, K] may differ from zero.</param>
    /// <param name="iterations">The largest number of iterations.</param>
    /// <param name="threads">The number of groups of rows that are solved in parallel.</param>
    /// <param name="cancellationToken">Checked between groups.</param>
    public void Improve(float[] solution, bool[] kept, int iterations, int threads, CancellationToken cancellationToken)
    {
        var rows = solution.Length / _columns;
        Parallel.For(
            0,
            (rows + Products.Together - 1) / Products.Together,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            part =>
            {
                var first = part * Products.Together * _columns;
                var length = Math.Min(Products.Together * _columns, solution.Length - first);
                Descend(first, solution.AsSpan(first, length), kept.AsSpan(first, length), iterations);
            }
        );
    }

    private void Descend(int first, Span<float> solution, ReadOnlySpan<bool> kept, int iterations)
    {
        var memory = _free.TryTake(out var free) ? free : new double[4 * Products.Together * _columns];
        var x = memory.AsSpan(0, solution.Length);
        var residual = memory.AsSpan(solution.Length, solution.Length);
        var direction = memory.AsSpan(2 * solution.Length, solution.Length);
        var product = memory.AsSpan(3 * solution.Length, solution.Length);
        direction.Clear();
        for (var i = 0; i < x.Length; i++)
            x[i] = kept[i] ? solution[i] : 0;
        Multiply(x, product);
        var rows = new Row[x.Length / _columns];
        for (var row = 0; row < rows.Length; row++)
        {
            var cross = _loss.Cross(first / _columns + row);
            for (var column = 0; column < _columns; column++)
            {
                var i = row * _columns + column;
                residual[i] = 0;
                if (!kept[i])
                    continue;
                var target = cross[column] + _lambda * _weights[first + i];
                residual[i] = target - product[i];
                rows[row].Goal += Tolerance * Tolerance * target * target / _diagonal[column];
            }
        }

        for (var iteration = 0; iteration < iterations && Iterate(rows, residual, direction); iteration++)
        {
            Multiply(direction, product);
            for (var row = 0; row < rows.Length; row++)
            {
                if (rows[row].IsDone)
                    continue;
                var own = direction.Slice(row * _columns, _columns);
                var step = rows[row].Slope / Products.Dot(own, product.Slice(row * _columns, _columns));
                Products.AddScaled(step, own, x.Slice(row * _columns, _columns));
                for (var i = row * _columns; i < (row + 1) * _columns; i++)
                    residual[i] = kept[i] ? residual[i] - step * product[i] : 0;
            }
        }

        for (var i = 0; i < x.Length; i++)
            solution[i] = (float)x[i];
        _free.Add(memory);
    }

    // Computes the next search direction of conjugate gradients for each row of weights that has not converged. Returns false when all rows have converged.
    private bool Iterate(Row[] rows, ReadOnlySpan<double> residual, Span<double> direction)
    {
        var goesOn = false;
        for (var row = 0; row < rows.Length; row++)
        {
            var slope = 0.0;
            for (var i = 0; i < _columns; i++)
                slope += residual[row * _columns + i] * residual[row * _columns + i] / _diagonal[i];
            rows[row].IsDone |= !(slope > rows[row].Goal);
            if (rows[row].IsDone)
                continue;
            var part = rows[row].Slope > 0 ? slope / rows[row].Slope : 0;
            for (var i = 0; i < _columns; i++)
                direction[row * _columns + i] = residual[row * _columns + i] / _diagonal[i] + part * direction[row * _columns + i];
            rows[row].Slope = slope;
            goesOn = true;
        }

        return goesOn;
    }

    // Multiplies each row x of a matrix by H + λ I, where H is the matrix of the loss and λ the ridge.
    private void Multiply(ReadOnlySpan<double> x, Span<double> product)
    {
        _loss.Multiply(x, product);
        Products.AddScaled(_lambda, x, product);
    }

    private struct Row
    {
        public double Goal { get; set; }

        public double Slope { get; set; }

        public bool IsDone { get; set; }
    }
}
