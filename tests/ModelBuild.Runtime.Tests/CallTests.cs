using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests;

/// <summary>Tests that inputs arrive unchanged: shapes, types, scalars and batches.</summary>
public sealed class CallTests
{
    [Fact]
    public void A_fixed_shape()
    {
        using var model = ReluModel.Load(TinyModels.Relu());
        float[] x = [.. Enumerable.Range(0, 16).Select(i => i - 8f)];
        using var result = model.Run(x);
        Assert.Equal([1L, 16L], result.Y.Shape);
        Assert.Equal(x.Select(value => Math.Max(value, 0)), result.Y.ToArray());
        Assert.Equal("float32[1, 16]", result.Y.ToString());
    }

    [Fact]
    public void The_batch_follows_from_the_length()
    {
        using var model = MlpModel.Load(TinyModels.Mlp());
        foreach (var batch in new[] { 1, 3, 2, 7, 1, 7, 0 })
        {
            var features = Features(batch);
            using var result = model.Run(features);
            Assert.Equal([batch, 10L], result.Scores.Shape);
            for (var row = 0; row < batch; row++)
            {
                using var single = model.Run(features.AsSpan(row * 64, 64));
                Assert.Equal(single.Scores.ToArray(), result.Scores.Row(row).ToArray(), Near);
                Assert.Equal(single.Scores.ArgMax(), result.Scores.ArgMax(row));
                Assert.Equal(MlpModel.Labels[single.Scores.ArgMax()], result.TopLabel(row));
            }
        }
    }

    [Fact]
    public void Into_the_callers_buffer()
    {
        using var model = MlpModel.Load(TinyModels.Mlp());
        var features = Features(2);
        var buffer = new float[25];
        model.Run(features, buffer);
        using var result = model.Run(features);
        Assert.Equal(result.Scores.ToArray(), buffer[..20]);
        Assert.Equal(new float[5], buffer[20..]);
        var exception = Assert.Throws<ArgumentException>(() => model.Run(features, new float[19]));
        Assert.Contains("'scores' has the shape [2, 10], 20 elements; the destination has room for 19", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dimension_that_the_caller_says()
    {
        using var model = PairModel.Load(TinyModels.Pair());
        using var result = model.Run([1, 2, 3, 4, 5, 6], [10, 20, 30, 40, 50, 60], length: 3);
        Assert.Equal([2L, 3L], result.Sum.Shape);
        Assert.Equal([11, 22, 33, 44, 55, 66], result.Sum.ToArray());
        Assert.Equal(66, result.Sum[1, 2]);
        var sums = new float[4];
        model.Run([1, 2, 3, 4], [1, 1, 1, 1], sums, length: 2);
        Assert.Equal([2, 3, 4, 5], sums);
    }

    [Fact]
    public void A_symbol_that_stands_twice_in_a_shape_is_asked_for()
    {
        using var model = SquareModel.Load(TinyModels.Square());
        using var result = model.Run([1, -2, 3, -4], side: 2);
        Assert.Equal([1, 0, 3, 0], result.Y.ToArray());
    }

    [Fact]
    public void Unknown_dimensions_and_outputs_whose_shape_only_the_run_tells()
    {
        using var model = ImageModel.Load(TinyModels.Image());
        using var result = model.Run(new float[2 * 3 * 4 * 5], 1, imageDim2: 4, imageDim3: 5);
        Assert.Equal([2L, 3L, 4L, 5L], result.Y.Shape);
        Assert.Equal(-1, result.Y[1, 2, 3, 4]);
        using var smaller = model.Run(new float[3], 2, imageDim2: 1, imageDim3: 1);
        Assert.Equal([1L, 3L, 1L, 1L], smaller.Y.Shape);
        Assert.Equal([-2, -2, -2], smaller.Y.ToArray());
        Assert.Equal(-1, result.Y[0, 0, 0, 0]);
    }

    [Fact]
    public void An_output_whose_shape_depends_on_the_data()
    {
        using var model = NonZeroModel.Load(TinyModels.NonZero());
        foreach (var x in new float[][] { [0, 1, 0, 2], [1, 1, 1, 1], [0, 0, 0, 0], [0, 3], [] })
        {
            using var result = model.Run(x);
            var expected = Enumerable.Range(0, x.Length).Where(i => x[i] != 0).Select(i => (long)i).ToArray();
            Assert.Equal([1, expected.Length], result.Places.Shape);
            Assert.Equal(expected, result.Places.ToArray());
            Assert.Equal(x, result.Copy.ToArray());
        }
    }

    [Fact]
    public void An_input_of_any_rank()
    {
        using var model = FreeModel.Load(TinyModels.Free());
        using var cube = model.Run([1, -1, 2, -2, 3, -3], [1, 2, 3]);
        Assert.Equal([1L, 2L, 3L], cube.Y.Shape);
        using var scalar = model.Run([-5], []);
        Assert.Equal(0, scalar.Y.Rank);
        Assert.Equal(0, scalar.Y.Value);
        Assert.Equal(1, cube.Y[0, 0, 0]);
    }

    [Fact]
    public void Scalars()
    {
        using var model = ScalarModel.Load(TinyModels.Scalar());
        using var result = model.Run([1, 2, 3], 2);
        Assert.Equal([2, 4, 6], result.Scaled.ToArray());
        Assert.Equal(12, result.Total.Value);
        Assert.Empty(result.Total.Shape.ToArray());
        float[] scaled = new float[2],
            total = new float[1];
        model.Run([4, 5], 10, scaled, total);
        Assert.Equal(90, total[0]);
    }

    [Fact]
    public void Tensors_without_elements()
    {
        using var model = EmptyModel.Load(TinyModels.Empty());
        using var result = model.Run([], [], n: 3);
        Assert.Equal([0L], result.NothingOut.Shape);
        Assert.Equal([3L, 0L], result.RowsOut.Shape);
        Assert.Equal(0, result.RowsOut.Length);
    }

    [Fact]
    public void Every_element_type()
    {
        using var model = TypesModel.Load(TinyModels.EveryType());
        for (var round = 0; round < 2; round++)
        {
            using var result = model.Run(
                new TypesModel.Inputs
                {
                    Float32 = [1.5f, -2],
                    Float64 = [double.Pi, double.NaN],
                    Float16 = [(Half)0.5, Half.MaxValue],
                    Bfloat16 = [(Microsoft.ML.OnnxRuntime.BFloat16)3.5f, (Microsoft.ML.OnnxRuntime.BFloat16)(-1f)],
                    Int8 = [-128, 127],
                    Uint8 = [0, 255],
                    Int16 = [short.MinValue, short.MaxValue],
                    Uint16 = [0, ushort.MaxValue],
                    Int32 = [int.MinValue, int.MaxValue],
                    Uint32 = [0, uint.MaxValue],
                    Int64 = [long.MinValue, long.MaxValue],
                    Uint64 = [0, ulong.MaxValue],
                    Bool = [true, false],
                    String = ["grüße 🙂", ""],
                }
            );
            Assert.Equal([1.5f, -2], result.Float32Out.ToArray());
            Assert.Equal([double.Pi, double.NaN], result.Float64Out.ToArray());
            Assert.Equal([(Half)0.5, Half.MaxValue], result.Float16Out.ToArray());
            Assert.Equal([3.5f, -1f], result.Bfloat16Out.ToArray().Select(value => value.ToFloat()));
            Assert.Equal([-128, 127], result.Int8Out.ToArray());
            Assert.Equal([0, 255], result.Uint8Out.ToArray());
            Assert.Equal([short.MinValue, short.MaxValue], result.Int16Out.ToArray());
            Assert.Equal([0, ushort.MaxValue], result.Uint16Out.ToArray());
            Assert.Equal([int.MinValue, int.MaxValue], result.Int32Out.ToArray());
            Assert.Equal([0, uint.MaxValue], result.Uint32Out.ToArray());
            Assert.Equal([long.MinValue, long.MaxValue], result.Int64Out.ToArray());
            Assert.Equal([0, ulong.MaxValue], result.Uint64Out.ToArray());
            Assert.Equal([true, false], result.BoolOut.ToArray());
            Assert.Equal(["grüße 🙂", ""], result.StringOut.ToArray());
            Assert.Equal(1, result.Uint64Out.ArgMax());
            Assert.Equal(0, result.Bfloat16Out.ArgMax());
        }
    }

    [Fact]
    public void A_sequence_beside_a_tensor()
    {
        using var model = SequenceModel.Load(TinyModels.Sequence());
        using var result = model.Run([1, -1, 2]);
        Assert.Equal([1, 0, 2], result.Y.ToArray());
        Assert.Equal([1f, -1, 2], result.Parts.Select(part => part.ToArray().Single()));
        Assert.Contains(SequenceModel.OutputNames.Parts, model.Session.OutputNames);
    }

    [Fact]
    public void A_model_that_declares_a_wrong_output_shape()
    {
        using var model = WrongShapeModel.Load(TinyModels.WrongShape());
        for (var length = 1; length < 4; length++)
        {
            using var result = model.Run(new float[length]);
            Assert.Equal([2L * length], result.Y.Shape);
        }
    }

    [Fact]
    public void Outputs_that_no_operator_makes()
    {
        using var model = PassModel.Load(TinyModels.Pass());
        for (var round = 0; round < 2; round++)
        {
            using var result = model.Run([4, 5 + round]);
            Assert.Equal([4, 5 + round], result.X.ToArray());
            Assert.Equal([1, 2, 3], result.Fixed.ToArray());
        }
    }

    [Fact]
    public void As_a_tensor_of_system_numerics()
    {
        using var model = PairModel.Load(TinyModels.Pair());
        using var result = model.Run([1, 2, 3, 4, 5, 6], new float[6], length: 3);
        var tensor = result.Sum.AsTensorSpan();
        Assert.Equal(2, tensor.Rank);
        Assert.Equal(6, tensor[1, 2]);
    }

    internal static float[] Features(int batch, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, batch * 64).Select(_ => random.NextSingle() - 0.5f)];
    }

    private static bool Near(float a, float b) => Math.Abs(a - b) <= 1e-5f * Math.Max(1, Math.Abs(a));
}
