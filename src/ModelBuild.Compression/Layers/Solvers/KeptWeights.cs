using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Solves those weights of a layer again that are not to be zero: min ŵ H ŵᵀ − 2 c ŵᵀ + λ‖ŵ − w‖², each row over the columns of its own, by conjugate gradients with the diagonal
/// as preconditioner (Hestenes and Stiefel 1952). All is counted in units of H's mean diagonal, so that float32 does.
/// </summary>
internal sealed class KeptWeights
{
    private const float Tolerance = 1e-4f;

    private readonly int _columns;
    private readonly float[] _hessian;
    private readonly float[] _targets;
    private readonly ConcurrentBag<float[]> _parts = [];

    /// <param name="loss">H and c.</param>
    /// <param name="weights">w [N, K]: what λ pulls towards.</param>
    /// <param name="ridge">λ as a share of the mean of H's diagonal; more than 0.</param>
    public KeptWeights(LayerLoss loss, ReadOnlySpan<float> weights, double ridge)
    {
        _columns = loss.Inputs;
        var unit = loss.MeanSquare > 0 ? loss.MeanSquare : 1;
        _hessian = Array.ConvertAll(loss.Hessian, value => (float)(value / unit));
        for (var i = 0; i < _columns; i++)
            _hessian[i * _columns + i] += (float)ridge;
        _targets = new float[weights.Length];
        for (var i = 0; i < _targets.Length; i++)
            _targets[i] = (float)(loss.Cross[i] / unit + ridge * weights[i]);
    }

    /// <summary>Goes from <paramref name="weights"/> [N, K] towards the solution.</summary>
    /// <param name="weights">Where to begin, and where the solution goes to; zeros where nothing is kept.</param>
    /// <param name="kept">Which weights are not to be zero, [N, K].</param>
    /// <param name="iterations">Steps at most.</param>
    /// <param name="threads">Rows that are solved side by side.</param>
    /// <param name="cancellationToken">Checked between rows.</param>
    public void Improve(float[] weights, bool[] kept, int iterations, int threads, CancellationToken cancellationToken)
    {
        var next = -1;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, _ =>
        {
            // As large as H, and used again by every row and every call.
            var part = _parts.TryTake(out var free) ? free : new float[_hessian.Length];
            for (var row = Interlocked.Increment(ref next); row < weights.Length / _columns; row = Interlocked.Increment(ref next))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Improve(row * _columns, weights, kept, iterations, part);
            }

            _parts.Add(part);
        });
    }

    private void Improve(int first, float[] weights, bool[] kept, int iterations, float[] part)
    {
        int[] own = [.. Enumerable.Range(0, _columns).Where(column => kept[first + column])];
        var n = own.Length;
        for (var i = 0; i < n; i++)
        {
            var source = _hessian.AsSpan(own[i] * _columns, _columns);
            for (var j = 0; j < n; j++)
                part[i * n + j] = source[own[j]];
        }

        var solution = Array.ConvertAll(own, column => weights[first + column]);
        Descend(part, Array.ConvertAll(own, column => _targets[first + column]), solution, iterations);
        weights.AsSpan(first, _columns).Clear();
        for (var i = 0; i < n; i++)
            weights[first + own[i]] = solution[i];
    }

    private static void Descend(float[] hessian, float[] targets, float[] weights, int iterations)
    {
        var n = weights.Length;
        var (residual, direction, scaled, product) = (new float[n], new float[n], new float[n], new float[n]);
        var goal = 0f;
        for (var i = 0; i < n; i++)
        {
            residual[i] = targets[i] - TensorPrimitives.Dot<float>(hessian.AsSpan(i * n, n), weights);
            goal += Tolerance * Tolerance * targets[i] * targets[i] / hessian[i * n + i];
        }

        var before = 0f;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            for (var i = 0; i < n; i++)
                scaled[i] = residual[i] / hessian[i * n + i];
            var now = TensorPrimitives.Dot<float>(residual, scaled);
            if (!(now > goal))
                return;
            TensorPrimitives.MultiplyAdd(direction, before > 0 ? now / before : 0, scaled, direction);
            before = now;
            for (var i = 0; i < n; i++)
                product[i] = TensorPrimitives.Dot<float>(hessian.AsSpan(i * n, n), direction);
            var step = now / TensorPrimitives.Dot<float>(direction, product);
            TensorPrimitives.MultiplyAdd(direction, step, weights, weights);
            TensorPrimitives.MultiplyAdd(product, -step, residual, residual);
        }
    }
}
