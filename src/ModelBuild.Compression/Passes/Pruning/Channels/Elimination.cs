using System.Numerics.Tensors;
using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Layers.Losses;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// Finds the order in which channel classes are removed, by second-order elimination. With H⁻¹ the inverse of the inputs' covariance, removing the columns B of
/// W and solving the others again costs tr(W_B (H⁻¹_BB)⁻¹ W_Bᵀ) (Hassibi and Stork 1993, Optimal Brain Surgeon; Kuznedelev et al. 2023 for groups of columns).
/// The class with the least cost is removed, W and H⁻¹ are updated, and the next class follows.
/// </summary>
internal sealed class Elimination
{
    private const double Damping = 0.01;

    // The number of rounds in which classes of channels are removed. If there are many classes, each round removes several of them before the costs are
    // computed again.
    private const int Rounds = 64;

    private readonly ChannelGroup _group;
    private readonly Reader[] _readers;

    private Elimination(ChannelGroup group, IReadOnlyList<GroupReader> readers, CancellationToken cancellationToken) =>
        (_group, _readers) = (group, [.. readers.Select(reader => new Reader(reader, cancellationToken))]);

    /// <summary>Returns the order in which the classes of a group are removed.</summary>
    public static RemovalOrder Order(ChannelGroup group, IReadOnlyList<GroupReader> readers, CancellationToken cancellationToken) =>
        new Elimination(group, readers, cancellationToken).Run(cancellationToken);

    private RemovalOrder Run(CancellationToken cancellationToken)
    {
        var left = Enumerable.Range(0, _group.Classes.Length).ToList();
        var order = new List<int>();
        var losses = new List<double> { 0 };
        while (left.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var costs = left.ToDictionary(i => i, i => _readers.Sum(reader => reader.Cost(i)));
            foreach (var i in left.OrderBy(i => costs[i]).Take(Math.Max(1, left.Count / Rounds)).ToArray())
            {
                order.Add(_group.Classes[i]);
                losses.Add(losses[^1] + costs[i]);
                left.Remove(i);
                foreach (var reader in _readers)
                    reader.Remove(i);
            }
        }

        return new RemovalOrder(_group, [.. order], [.. losses]);
    }

    private sealed class Reader
    {
        private readonly int _inputs;
        private readonly int _outputs;
        private readonly int[][] _columns;

        // The float weights are stored transposed, as [inputs, outputs], so that the elements of a product are contiguous.
        private readonly double[] _weights;
        private readonly double[] _inverse;
        private readonly double _scale;

        public Reader(GroupReader reader, CancellationToken cancellationToken)
        {
            (_inputs, _outputs, _columns) = (reader.Layer.Inputs, reader.Layer.Outputs, reader.Columns);
            var loss = DenseLoss.Of(reader.Moments, hasBias: reader.Layer.Bias is not null);
            _weights = Array.ConvertAll(Matrix.Transpose<float>(reader.Layer.Weights, _inputs), weight => (double)weight);
            _inverse = new double[_inputs * _inputs];
            for (var i = 0; i < _inputs; i++)
                _inverse[i * _inputs + i] = 1;
            Cholesky.Factor(loss.Hessian, _inputs, Damping * loss.MeanSquare, cancellationToken).Solve(_inverse, cancellationToken);
            _scale = 1 / Math.Max(double.Epsilon, loss.TargetSquare.Sum());
        }

        public double Cost(int index)
        {
            var columns = _columns[index];
            if (columns.Length == 0)
                return 0;
            var cost = 0.0;
            var block = Block(columns);
            // The cost of removing the columns B is the sum of the entries of M⁻¹ ∘ (V Vᵀ), where M = H⁻¹_BB and V = W_Bᵀ.
            for (var a = 0; a < columns.Length; a++)
            for (var b = 0; b <= a; b++)
                cost += (a == b ? 1 : 2) * block[a * columns.Length + b] * TensorPrimitives.Dot<double>(Row(columns[a]), Row(columns[b]));
            return Math.Max(0, cost) * _scale;
        }

        public void Remove(int index)
        {
            var columns = _columns[index];
            if (columns.Length == 0)
                return;
            var block = Block(columns);
            // After the removal of the columns B, each row i of W and H⁻¹ becomes row i − H⁻¹_iB M⁻¹ (rows B), where M = H⁻¹_BB.
            var weights = columns.Select(column => Row(column).ToArray()).ToArray();
            var inverse = columns.Select(column => _inverse.AsSpan(column * _inputs, _inputs).ToArray()).ToArray();
            for (var i = 0; i < _inputs; i++)
            for (var b = 0; b < columns.Length; b++)
            {
                var factor = 0.0;
                for (var a = 0; a < columns.Length; a++)
                    factor += inverse[a][i] * block[a * columns.Length + b];
                if (factor == 0)
                    continue;
                TensorPrimitives.MultiplyAdd(weights[b], -factor, Row(i), Row(i));
                var row = _inverse.AsSpan(i * _inputs, _inputs);
                TensorPrimitives.MultiplyAdd(inverse[b], -factor, row, row);
            }

            foreach (var column in columns)
            {
                Row(column).Clear();
                for (var i = 0; i < _inputs; i++)
                    _inverse[i * _inputs + column] = _inverse[column * _inputs + i] = 0;
            }
        }

        private Span<double> Row(int column) => _weights.AsSpan(column * _outputs, _outputs);

        // Returns the inverse of the block of H⁻¹ at the given rows and columns.
        private double[] Block(int[] columns)
        {
            var size = columns.Length;
            var block = new double[size * size];
            var identity = new double[size * size];
            for (var a = 0; a < size; a++)
            {
                identity[a * size + a] = 1;
                for (var b = 0; b < size; b++)
                    block[a * size + b] = _inverse[columns[a] * _inputs + columns[b]];
            }

            Cholesky.Factor(block, size, 0, CancellationToken.None).Solve(identity, CancellationToken.None);
            return identity;
        }
    }
}
