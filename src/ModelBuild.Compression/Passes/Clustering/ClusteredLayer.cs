using System.Diagnostics.CodeAnalysis;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Layers.Losses;
using ModelBuild.Compression.Layers.Solvers;
using ModelBuild.Compression.Layers.Sweeps;

namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>
/// A layer whose weights are clustered on its activations. First, its weights are solved again on the activations of the clustered model
/// (<see cref="LeastSquares"/>). The first codebook is optimal k-means, in which the factor of each weight is the cost of its rounding after the later weights
/// have compensated for it. Then the code repeats two steps: each weight in turn gets the value nearest to the number that compensates the errors so far
/// (<see cref="NearestPlane"/>), and the values are fitted to the indices (<see cref="CodebookRefit"/>). If indices may take only few bits in a zip,
/// <see cref="EvenValues"/> at a distance that gives this number of bits replace k-means. The groups of a grouped convolution have their own inputs and share
/// the codebook.
/// </summary>
internal sealed class ClusteredLayer : MeasuredLayer
{
    private const int Rounds = 3;

    // The number of steps of the search for the requested bits per weight, and the tolerance of the search in bits.
    private const int EvenRounds = 5;
    private const double BitsTolerance = 0.02;
    private const double GptqDamping = 0.01;

    // The rows of a refit are summed in this fixed number of parts, so that the result does not depend on the number of threads.
    private const int Parts = 16;

    // The largest number of multiply-adds of a refit with all rows. A refit that would take more uses only some of the rows.
    private const double MaxRefitWork = 1e9;

    private readonly FloatLayer _layer;
    private readonly ClusterOptions _options;
    private readonly double _bits;
    private readonly ParallelOptions _parallel;
    private readonly Group?[] _groups;
    private readonly Lazy<bool> _isPruned;

    /// <param name="layer">The layer in float32.</param>
    /// <param name="options">The step's options.</param>
    /// <param name="bits">The number of bits that an index may take in a zip; 0 for no limit.</param>
    /// <param name="parallel">The number of threads.</param>
    [SetsRequiredMembers]
    public ClusteredLayer(FloatLayer layer, ClusterOptions options, double bits, ParallelOptions parallel)
        : base(layer.Source, layer.Input)
    {
        (_layer, _options, _bits, _parallel, _groups) = (layer, options, bits, parallel, new Group?[layer.Groups]);
        (WeightShape, Groups, Outputs, Inputs, Bias) = (layer.WeightShape, layer.Groups, layer.Outputs, layer.Inputs, layer.Bias);
        _isPruned = new Lazy<bool>(() => LayerProblem.KeptOf(Weights) is not null);
    }

    private int RowsOfGroup => Outputs / Groups;

    private bool KeepZero => _isPruned.Value;

    private float[] Weights => _layer.Weights;

    /// <summary>Stores the moments that were measured for a group. Several threads may call this method for different groups.</summary>
    public void Measured(int group, LayerMoments moments)
    {
        var loss = DenseLoss.Over(moments, hasBias: Bias is not null);
        var (first, count) = (group * RowsOfGroup * Inputs, RowsOfGroup * Inputs);
        LeastSquares
            .Solve(loss, Weights.AsSpan(first, count), Kept(first, count), LeastSquares.DefaultRidge, _parallel.CancellationToken)
            .CopyTo(Weights, first);
        _groups[group] = new Group(
            loss.Hessian,
            NearestPlane.Of(loss, GptqDamping, actOrder: true, _parallel.CancellationToken),
            moments with
            {
                Gram = [],
                Cross = [],
            }
        );
    }

    /// <inheritdoc/>
    public override void Write()
    {
        // A group without samples keeps its weights at this point. The weights are rounded to the nearest values of the codebook when they are stored.
        if (_groups.All(group => group is not null))
            Solve();
        _layer.Write();
        Array.Clear(_groups);
    }

    private void Solve()
    {
        var books = FirstBooks();
        var (best, least) = (Array.Empty<float>(), double.PositiveInfinity);
        for (var round = 0; round < Rounds; round++)
        {
            var codes = Round(new RowCodebooks(books));
            var (values, loss) = Refit(books, codes);
            if (loss < least)
                (best, least) = (Clustered(values, codes), loss);
            if (_bits > 0 && EvenValues.Bits(codes, _options.Clusters) > _bits)
            {
                best = Even();
                break;
            }

            books = [.. values.Select(book => new Codebook(book))];
        }

        _layer.Weights = best;
        if (Bias is null)
            return;
        for (var group = 0; group < Groups; group++)
            _groups[group]!.Means.BestBias(best.AsSpan(group * RowsOfGroup * Inputs, RowsOfGroup * Inputs)).CopyTo(Bias, group * RowsOfGroup);
    }

    // Chooses evenly spaced values so that the codes have the requested entropy. Half the distance between values costs one more bit for each weight.
    private float[] Even()
    {
        var (best, miss) = (Array.Empty<float>(), double.PositiveInfinity);
        var distance = EvenValues.Distance(Weights, _options.Clusters, _bits);
        for (var round = 0; round < EvenRounds && miss > BitsTolerance; round++)
        {
            Codebook[] books = [.. Enumerable.Repeat(EvenValues.Of(_options.Clusters, distance), _options.PerChannel ? Outputs : 1)];
            var codes = Round(new RowCodebooks(books));
            var bits = EvenValues.Bits(codes, _options.Clusters);
            if (Math.Abs(bits - _bits) < miss)
                (best, miss) = (Clustered(Refit(books, codes).Values, codes), Math.Abs(bits - _bits));
            distance *= Math.Pow(2, bits - _bits);
        }

        return best;
    }

    private Codebook[] FirstBooks()
    {
        var importance = new double[Weights.Length];
        for (var row = 0; row < Outputs; row++)
            _groups[row / RowsOfGroup]!.Importance.CopyTo(importance, row * Inputs);
        return _options.PerChannel
            ? [.. Enumerable.Range(0, Outputs).Select(row => Codebook.Fit(Row<float>(Weights, row), Row<double>(importance, row), _options.Clusters, KeepZero))]
            : [Codebook.Fit(Weights, importance, _options.Clusters, KeepZero)];
    }

    private int[] Round(RowCodebooks books)
    {
        var codes = new int[Weights.Length];
        var kept = Kept(0, codes.Length);
        var blocks = (RowsOfGroup + Products.Together - 1) / Products.Together;
        Parallel.For(
            0,
            Groups * blocks,
            _parallel,
            i =>
            {
                var (group, block) = Math.DivRem(i, blocks);
                var first = block * Products.Together;
                _groups[group]!.Plane.Round(Weights, group * RowsOfGroup + first, Math.Min(Products.Together, RowsOfGroup - first), kept, books, codes);
            }
        );
        return codes;
    }

    private (float[][] Values, double Loss) Refit(Codebook[] books, int[] codes)
    {
        if (books.Length == 1)
        {
            var stride = (int)Math.Ceiling((double)Outputs * Inputs * Inputs / MaxRefitWork);
            var (values, loss) = Refit(books[0], codes, [.. Enumerable.Range(0, Outputs).Where(row => row % stride == 0)]);
            return ([values], loss);
        }

        var solved = new (float[] Values, double Loss)[Outputs];
        Parallel.For(0, Outputs, _parallel, row => solved[row] = Refit(books[row], codes, [row]));
        return ([.. solved.Select(book => book.Values)], solved.Sum(book => book.Loss));
    }

    private (float[] Values, double Loss) Refit(Codebook book, int[] codes, int[] rows)
    {
        var parts = rows.Chunk((rows.Length + Parts - 1) / Parts).ToArray();
        var sums = new CodebookRefit[parts.Length];
        Parallel.For(
            0,
            parts.Length,
            _parallel,
            part =>
            {
                sums[part] = new CodebookRefit(book.Values.Length);
                var errors = new double[Inputs];
                foreach (var row in parts[part])
                {
                    var own = Row<int>(codes, row);
                    for (var i = 0; i < Inputs; i++)
                        errors[i] = Weights[row * Inputs + i] - book.Values[own[i]];
                    sums[part].Add(_groups[row / RowsOfGroup]!.Hessian, errors, own);
                }
            }
        );
        foreach (var part in sums.Skip(1))
            sums[0].Add(part);
        return sums[0].Solve(book.Values, KeepZero, _parallel.CancellationToken);
    }

    private float[] Clustered(float[][] books, int[] codes)
    {
        var values = new float[codes.Length];
        for (var i = 0; i < codes.Length; i++)
            values[i] = books[books.Length == 1 ? 0 : i / Inputs][codes[i]];
        return values;
    }

    private bool[]? Kept(int first, int count) => KeepZero ? Array.ConvertAll(Weights[first..(first + count)], weight => weight != 0) : null;

    private ReadOnlySpan<T> Row<T>(T[] matrix, int row) => matrix.AsSpan(row * Inputs, Inputs);

    private sealed record Group(double[] Hessian, NearestPlane Plane, LayerMoments Means)
    {
        public double[] Importance { get; } = Plane.Importance();
    }
}
