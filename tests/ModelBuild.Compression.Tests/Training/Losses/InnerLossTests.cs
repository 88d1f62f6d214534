using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Losses;

/// <summary>Tests that the losses of values inside a model have the values of their formulas.</summary>
public sealed class InnerLossTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<long[]> Shapes =>
        new(new long[] { 1, 1, 1, 1 }, new long[] { 2, 3, 4, 5 }, new long[] { 3, 5, 1, 7 }, new long[] { 2, 4, 6 }, new long[] { 5, 3 });

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Features_have_the_squared_error_relative_to_the_teacher(long[] shape)
    {
        var (own, other) = (Random(shape, 1), Random(shape, 2));

        var loss = LossValue.Single(new FeatureLoss(Pair(shape.Length - 1), map: null, weight: 1), (shape, own), (shape, other));

        Assert.Equal(RelativeError(own, other), loss, Tolerance);
    }

    [Fact]
    public void Kept_channels_of_features_are_compared()
    {
        var kept = new[] { 4, 0, 3 };
        long[] shape = [2, 3, 2, 2];
        long[] wide = [2, 5, 2, 2];
        var (own, other) = (Random(shape, 1), Random(wide, 2));
        var pair = new FeaturePair("x value", 1, new TeacherValue("t", new Dictionary<int, long> { [1] = 5 }, new Dictionary<int, int[]> { [1] = kept }));

        var loss = LossValue.Single(new FeatureLoss(pair, map: null, weight: 1), (shape, own), (wide, other));

        float[] expected = [.. Enumerable.Range(0, 2).SelectMany(row => kept.SelectMany(c => other.AsSpan(((row * 5) + c) * 4, 4).ToArray()))];
        Assert.Equal(RelativeError(own, expected), loss, Tolerance);
    }

    [Theory]
    [InlineData(1, 2L, 3L, 2L, 2L)]
    [InlineData(1, 2L, 3L, 5L)]
    [InlineData(2, 2L, 4L, 3L)]
    [InlineData(1, 4L, 3L)]
    public void A_map_multiplies_the_channels_of_each_position(int axis, params long[] shape)
    {
        const int To = 5;
        var from = (int)shape[axis];
        long[] wide = [.. shape];
        wide[axis] = To;
        var pair = new FeaturePair("x value", axis, new TeacherValue("t", new Dictionary<int, long> { [axis] = To }, new Dictionary<int, int[]>()));
        var map = new FeatureMap(Described(shape), pair, seed: 3);
        var (own, other) = (Random(shape, 1), Random(wide, 2));

        var loss = LossValue.Single(new FeatureLoss(pair, map, weight: 1), (shape, own), (wide, other), map.Input);

        // The weights of a convolution are [to, from], and those of a product are [from, to].
        var isConvolution = map.Input.Shape[0] == To;
        var inner = (int)shape.Skip(axis + 1).Aggregate(1L, (a, b) => a * b);
        var outer = (int)shape.Take(axis).Aggregate(1L, (a, b) => a * b);
        var mapped = new float[other.Length];
        for (var o = 0; o < outer; o++)
        for (var t = 0; t < To; t++)
        for (var i = 0; i < inner; i++)
        for (var f = 0; f < from; f++)
            mapped[(((o * To) + t) * inner) + i] += own[(((o * from) + f) * inner) + i] * map.Input.Values[isConvolution ? (t * from) + f : (f * To) + t];
        Assert.Equal(axis == 1 && shape.Length > 2, isConvolution);
        Assert.Equal(RelativeError(mapped, other), loss, Tolerance);
        Assert.Empty(map.Constants());
    }

    [Theory]
    [InlineData(3, 3, 2L, 4L, 5L)]
    [InlineData(2, 7, 3L, 3L, 2L)]
    [InlineData(5, 1, 1L, 6L)]
    public void Attention_transfer_compares_normalized_means_of_squares(int channels, int wide, params long[] rest)
    {
        long[] shape = [rest[0], channels, .. rest[1..]];
        long[] other = [rest[0], wide, .. rest[1..]];
        var (own, taught) = (Random(shape, 1), Random(other, 2));
        var pair = new FeaturePair("x value", 1, new TeacherValue("t", new Dictionary<int, long> { [1] = wide }, new Dictionary<int, int[]>()));

        var loss = LossValue.Single(new AttentionTransferLoss(pair, weight: 1), (shape, own), (other, taught));

        var (a, b) = (AttentionMaps(own, shape), AttentionMaps(taught, other));
        Assert.Equal(a.Zip(b).Average(value => (value.First - value.Second) * (value.First - value.Second)), loss, Tolerance);
    }

    [Fact]
    public void Attention_transfer_of_zeros_is_finite()
    {
        long[] shape = [1, 2, 2, 2];

        var loss = LossValue.Single(new AttentionTransferLoss(Pair(1), weight: 1), (shape, new float[8]), (shape, Random(shape, 1)));

        Assert.Equal(0.25, loss, Tolerance);
    }

    [Fact]
    public void Attention_maps_have_the_mean_squared_distance_of_a_query()
    {
        long[] shape = [2, 3, 4, 5];
        var (own, other) = (Random(shape, 1), Random(shape, 2));

        var loss = LossValue.Single(new AttentionMapLoss(Pair(1), weight: 1), (shape, own), (shape, other));

        Assert.Equal(own.Zip(other).Sum(value => Math.Pow(value.First - value.Second, 2)) / (2 * 3 * 4), loss, Tolerance);
    }

    [Fact]
    public void Two_losses_read_one_value_of_the_teacher_once()
    {
        long[] shape = [2, 3, 2, 2];
        var loss = new LossSum([new FeatureLoss(Pair(1), map: null, weight: 2), new AttentionTransferLoss(Pair(1), weight: 3)]);

        var terms = LossValue.Of(loss, [("x", shape, Random(shape, 1))], [("t", shape, Random(shape, 2))]);

        Assert.Equal([("features of x value", 2f), ("attention of x value", 3f)], terms.Select(term => (term.Term.Name, term.Term.Weight)));
        Assert.All(terms, term => Assert.True(term.Value > 0));
    }

    private static FeaturePair Pair(int axis) => new("x value", axis, new TeacherValue("t", new Dictionary<int, long>(), new Dictionary<int, int[]>()));

    private static DescribedGraph Described(long[] shape)
    {
        var model = new Net().Input("x", shape).Add(Net.Make("Neg", "x", "v")).Output("v").Build();
        model.Proto.Graph.Node[0].Output[0] = "x value";
        model.Proto.Graph.Output[0].Name = "x value";
        return new DescribedGraph(new Graph(model), new Dictionary<string, InferredTensor> { ["x value"] = new(DataType.Float, shape) });
    }

    private static double[] AttentionMaps(float[] values, long[] shape)
    {
        var (rows, channels, positions) = ((int)shape[0], (int)shape[1], (int)shape.Skip(2).Aggregate(1L, (a, b) => a * b));
        var maps = new double[rows * positions];
        for (var row = 0; row < rows; row++)
        {
            for (var p = 0; p < positions; p++)
                maps[(row * positions) + p] = Enumerable.Range(0, channels).Average(c => Math.Pow(values[(((row * channels) + c) * positions) + p], 2));
            var norm = Math.Sqrt(Enumerable.Range(0, positions).Sum(p => Math.Pow(maps[(row * positions) + p], 2)));
            for (var p = 0; p < positions; p++)
                maps[(row * positions) + p] /= norm;
        }

        return maps;
    }

    private static double RelativeError(float[] value, float[] teacher) =>
        value.Zip(teacher).Sum(pair => Math.Pow(pair.First - pair.Second, 2)) / teacher.Sum(one => (double)one * one);

    private static float[] Random(long[] shape, int seed) => Noise.Floats(shape.Aggregate(1L, (a, b) => a * b), seed);
}
