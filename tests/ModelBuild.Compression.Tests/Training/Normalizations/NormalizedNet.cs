using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Normalizations;

/// <summary>
/// A network of Conv, Tanh, BatchNormalization, ReLU, Conv, Tanh and BatchNormalization in one to three spatial dimensions, and the same computation in
/// double precision. Without Tanh, the normalizations would become part of the weights of the convolutions.
/// </summary>
/// <param name="dimensions">The number of spatial dimensions.</param>
internal sealed class NormalizedNet(int dimensions)
{
    public const int Channels = 2;
    private const int Hidden = 3;
    private const int Outputs = 4;
    private const int Kernel = 2;
    private const double Epsilon = 1e-3;

    /// <summary>The names of the statistics in the order of the graph.</summary>
    public static readonly string[] Statistics = ["m1", "v1", "m2", "v2"];

    /// <summary>Gets the shape of one row.</summary>
    public long[] Row => [Channels, .. Spatial(5)];

    /// <summary>Returns the model.</summary>
    /// <param name="statistics">The values of <see cref="Statistics"/>.</param>
    /// <param name="isFolded">Whether the normalizations follow the convolutions directly, so that they become part of their weights.</param>
    public OnnxModel Build(float[][] statistics, bool isFolded = false)
    {
        var weights = Noise.Floats(Hidden * Channels * Size(Spatial(Kernel)), seed: 5, scale: 0.5);
        return new Net()
            .OpenInput("x", ["n", .. Row.Select(size => $"{size}")])
            .Constant("w1", [Hidden, Channels, .. Spatial(Kernel)], weights)
            .Weight("w2", [Outputs, Hidden, .. Spatial(Kernel)])
            .Weight("s1", Hidden)
            .Weight("b1", Hidden)
            .Weight("s2", Outputs)
            .Weight("b2", Outputs)
            .Constant("m1", [Hidden], statistics[0])
            .Constant("v1", [Hidden], statistics[1])
            .Constant("m2", [Outputs], statistics[2])
            .Constant("v2", [Outputs], statistics[3])
            .Node("Conv", "x w1", "c1")
            .Node("Tanh", "c1", "t1")
            .Node("BatchNormalization", $"{(isFolded ? "c1" : "t1")} s1 b1 m1 v1", "n1", ("epsilon", (float)Epsilon))
            .Node("Relu", "n1", "r1")
            .Node("Conv", "r1 w2", "c2")
            .Node("Tanh", "c2", "t2")
            .Node("BatchNormalization", $"{(isFolded ? "c2" : "t2")} s2 b2 m2 v2", "y", ("epsilon", (float)Epsilon))
            .OpenOutput("y", ["n", $"{Outputs}", .. Spatial(3).Select(size => $"{size}")])
            .Build();
    }

    /// <summary>Returns the model with statistics that fit no data.</summary>
    /// <param name="isFolded">Whether the normalizations follow the convolutions directly, so that they become part of their weights.</param>
    public OnnxModel Wrong(bool isFolded = false) =>
        Build(
            [
                [0.3f, -0.2f, 0.1f],
                [2, 1, 0.5f],
                [0, 0.4f, -0.4f, 0],
                [1, 2, 3, 4],
            ],
            isFolded
        );

    /// <summary>Computes the statistics of rows with the other constants of a model.</summary>
    public static double[][] Reference(OnnxModel model, float[] rows, int count)
    {
        var values = Wide([.. rows.Select(value => (double)value)], [count, .. model.Proto.Graph.Input[0].Type.TensorType.Shape.Dim.Skip(1).Select(One)]);
        var first = Activated(values, Wide(model, "w1"));
        var (m1, v1) = Moments(first);
        var hidden = Map(first, (value, c) => Math.Max(0, ((value - m1[c]) / Math.Sqrt(v1[c] + Epsilon) * Of(model, "s1")[c]) + Of(model, "b1")[c]));
        var (m2, v2) = Moments(Activated(hidden, Wide(model, "w2")));
        return [m1, v1, m2, v2];
    }

    /// <summary>Returns the values of a constant.</summary>
    public static float[] Of(OnnxModel model, string name) => model.Proto.Graph.Initializer.Single(tensor => tensor.Name == name).ToFloats();

    private static int One(TensorShapeProto.Types.Dimension size) => (int)size.DimValue;

    private long[] Spatial(int size) => [.. Enumerable.Repeat((long)size, dimensions)];

    private static int Size(long[] shape) => (int)shape.Aggregate(1L, (a, b) => a * b);

    private static double[,,,,] Wide(OnnxModel model, string name)
    {
        var tensor = model.Proto.Graph.Initializer.Single(tensor => tensor.Name == name);
        return Wide([.. tensor.ToFloats().Select(value => (double)value)], [.. tensor.Dims.Select(size => (int)size)]);
    }

    // All tensors have three spatial dimensions here. The sizes of dimensions that a network does not have are 1.
    private static double[,,,,] Wide(double[] values, int[] shape)
    {
        int[] sizes = [.. shape, .. Enumerable.Repeat(1, 5 - shape.Length)];
        var wide = new double[sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]];
        Buffer.BlockCopy(values, 0, wide, 0, values.Length * sizeof(double));
        return wide;
    }

    private static double[,,,,] Activated(double[,,,,] x, double[,,,,] w) => Map(Convolve(x, w), (value, _) => Math.Tanh(value));

    private static double[,,,,] Convolve(double[,,,,] x, double[,,,,] w)
    {
        int Size(int axis) => x.GetLength(axis) - w.GetLength(axis) + 1;
        var y = new double[x.GetLength(0), w.GetLength(0), Size(2), Size(3), Size(4)];
        return Map(
            y,
            (n, c, i, j, k) =>
            {
                var sum = 0.0;
                for (var d = 0; d < w.GetLength(1); d++)
                for (var a = 0; a < w.GetLength(2); a++)
                for (var b = 0; b < w.GetLength(3); b++)
                for (var e = 0; e < w.GetLength(4); e++)
                    sum += x[n, d, i + a, j + b, k + e] * w[c, d, a, b, e];
                return sum;
            }
        );
    }

    private static (double[] Means, double[] Variances) Moments(double[,,,,] x)
    {
        var count = (double)x.Length / x.GetLength(1);
        var (means, variances) = (new double[x.GetLength(1)], new double[x.GetLength(1)]);
        Map(x, (value, c) => means[c] += value / count);
        Map(x, (value, c) => variances[c] += (value - means[c]) * (value - means[c]) / count);
        return (means, variances);
    }

    private static double[,,,,] Map(double[,,,,] x, Func<double, int, double> function) =>
        Map((double[,,,,])x.Clone(), (n, c, i, j, k) => function(x[n, c, i, j, k], c));

    private static double[,,,,] Map(double[,,,,] target, Func<int, int, int, int, int, double> function)
    {
        for (var n = 0; n < target.GetLength(0); n++)
        for (var c = 0; c < target.GetLength(1); c++)
        for (var i = 0; i < target.GetLength(2); i++)
        for (var j = 0; j < target.GetLength(3); j++)
        for (var k = 0; k < target.GetLength(4); k++)
            target[n, c, i, j, k] = function(n, c, i, j, k);
        return target;
    }
}
