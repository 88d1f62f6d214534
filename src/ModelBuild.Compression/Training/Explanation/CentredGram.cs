using System.Numerics.Tensors;

namespace ModelBuild.Compression.Training.Explanation;

/// <summary>
/// The products of the rows of a layer's output with each other, centred so that the mean of the features does not count. Two of them give the linear centred
/// kernel alignment of two layers (Kornblith et al., "Similarity of neural network representations revisited", 2019). Products of a row with itself are left
/// out, with the centring of the unbiased estimator (Song et al., "Feature selection via dependence maximization", 2012): otherwise layers with more features
/// than rows always look alike.
/// </summary>
internal sealed class CentredGram
{
    /// <summary>The smallest number of rows for which the products are defined.</summary>
    public const int MinRows = 4;

    private readonly double[] _values;
    private readonly double _norm;

    private CentredGram(double[] values)
    {
        _values = values;
        _norm = TensorPrimitives.Norm<double>(values);
    }

    /// <summary>Computes the centred products of all rows with each other.</summary>
    /// <param name="rows">The features of each row, of equal number. There are <see cref="MinRows"/> rows or more.</param>
    public static CentredGram Of(IReadOnlyList<float[]> rows)
    {
        var centred = SubtractMeans(rows);
        var count = rows.Count;
        var products = new double[count * count];
        for (var i = 0; i < count; i++)
        for (var j = 0; j < i; j++)
            products[i * count + j] = products[j * count + i] = TensorPrimitives.Dot<double>(centred[i], centred[j]);
        return new CentredGram(Centre(products, count));
    }

    /// <summary>
    /// Returns the alignment with another layer on the same rows: 1 for features that are equal up to rotation and scale, and 0 for unrelated ones. The result
    /// is null if the features of a layer are the same in all rows.
    /// </summary>
    public double? AlignmentWith(CentredGram other)
    {
        var norms = _norm * other._norm;
        return norms > 0 && double.IsFinite(norms) ? Math.Clamp(TensorPrimitives.Dot<double>(_values, other._values) / norms, 0, 1) : null;
    }

    // Subtracts the mean of each column from the rows. Products without the means have a smaller rounding error.
    private static double[][] SubtractMeans(IReadOnlyList<float[]> rows)
    {
        var means = new double[rows[0].Length];
        foreach (var row in rows)
            for (var i = 0; i < means.Length; i++)
                means[i] += row[i] / (double)rows.Count;
        return [.. rows.Select(row => row.Select((value, i) => value - means[i]).ToArray())];
    }

    // Centres a Gram matrix of products whose diagonal is zero. The diagonal of the result is zero as well.
    private static double[] Centre(double[] products, int count)
    {
        var sums = new double[count];
        for (var i = 0; i < count; i++)
            sums[i] = TensorPrimitives.Sum<double>(products.AsSpan(i * count, count));
        var total = sums.Sum() / ((count - 1.0) * (count - 2));
        for (var i = 0; i < count; i++)
        for (var j = 0; j < count; j++)
            products[i * count + j] = i == j ? 0 : products[i * count + j] - (sums[i] + sums[j]) / (count - 2) + total;
        return products;
    }
}
