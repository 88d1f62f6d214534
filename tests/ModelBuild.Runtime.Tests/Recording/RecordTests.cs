using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests.Recording;

/// <summary>A running application keeps inputs that it was given as calibration data.</summary>
public sealed class RecordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => _folder.File("data/real.npz");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_row_of_calls_with_a_batch_is_a_sample()
    {
        using var model = MlpModel.Load(TinyModels.Mlp());
        model.Run(Rows(90)).Dispose();
        var recording = model.Record(File);
        model.Run(Rows(0)).Dispose();
        model.Run(Rows(1, 2), new float[20]);
        (await model.RunAsync(Rows(3), Token)).Dispose();
        Assert.True(model.WarmUp());
        Assert.Empty(recording.Files);
        recording.Dispose();
        model.Run(Rows(91)).Dispose();
        recording.Dispose();

        Assert.Equal((4, 4), (recording.Seen, recording.Kept));
        Assert.Equal([File], recording.Files);
        Assert.Equal(["data", "data/real.npz"], _folder.Names());
        var file = new NpzFile(File);
        Assert.Equal(["features"], file.Names);
        Assert.Equal(("<f4", 4, 64), (file.Type("features"), file.Shape("features")[0], file.Shape("features")[1]));
        Assert.Equal(Rows(0, 1, 2, 3), file.Elements<float>("features"));
    }

    [Fact]
    public void Each_call_without_a_batch_is_a_sample()
    {
        using var fixedShape = ReluModel.Fake(_ => { });
        using (fixedShape.Record(File))
            for (var i = 0; i < 3; i++)
                fixedShape.Run(Enumerable.Repeat((float)i, 16).ToArray()).Dispose();
        Assert.Equal([3L, 1L, 16L], new NpzFile(File).Shape("x"));
        Assert.Equal([0f, 1f, 2f], new NpzFile(File).Elements<float>("x").Where((_, i) => i % 16 == 0));

        // The factor has no rows, so a single row is not a complete input of a call.
        using var scalar = ScalarModel.Load(TinyModels.Scalar());
        using (scalar.Record(File))
        {
            scalar.Run([1, 2], 3).Dispose();
            scalar.Run([4, 5], 6).Dispose();
        }

        var file = new NpzFile(File);
        Assert.Equal([2L, 2L], file.Shape("x"));
        Assert.Equal([1f, 2f, 4f, 5f], file.Elements<float>("x"));
        Assert.Equal([2L], file.Shape("factor"));
        Assert.Equal([3f, 6f], file.Elements<float>("factor"));
    }

    [Fact]
    public void Samples_of_each_shape_have_a_file_and_the_most_frequent_shape_has_the_name()
    {
        _folder.Write("data/real.3.npz", "of an earlier recording");
        _folder.Write("data/real.5.npz", "of something else");
        using var model = PairModel.Load(TinyModels.Pair());
        var recording = model.Record(File);
        foreach (var length in new[] { 1, 3, 2, 3 })
            model.Run(Enumerable.Repeat((float)length, length).ToArray(), new float[length], length: length).Dispose();
        model.Run(new float[6], new float[6], length: 3).Dispose();
        model.Run(new float[2], new float[2], length: 2).Dispose();
        recording.Dispose();
        Assert.Equal([File, _folder.File("data/real.2.npz"), _folder.File("data/real.3.npz")], recording.Files);
        Assert.Equal([4L, 3L], new NpzFile(recording.Files[0]).Shape("right"));
        Assert.Equal([2L, 2L], new NpzFile(recording.Files[1]).Shape("right"));
        Assert.Equal([1f], new NpzFile(recording.Files[2]).Elements<float>("left"));

        using (var again = model.Record(File))
            model.Run([7], [8], length: 1).Dispose();
        Assert.Equal([7f], new NpzFile(File).Elements<float>("left"));
        Assert.Equal(["data", "data/real.5.npz", "data/real.npz"], _folder.Names());
    }

    [Fact]
    public void A_selection_is_random_and_the_same_for_the_same_calls()
    {
        const int Count = 20_000;
        const int Max = 200;
        var first = Selection(rows: 1);

        Assert.Equal(Max, first.Distinct().Count());
        Assert.Equal(first.Order(), first);
        // The mean of 200 of the numbers has a standard deviation of 20000 / √12 / √200 = 408.
        Assert.InRange(first.Average(), (Count / 2) - 2_000, (Count / 2) + 2_000);
        Assert.Equal(first, Selection(rows: 1));
        Assert.Equal(first, Selection(rows: 32));

        float[] Selection(int rows)
        {
            using var model = MlpModel.Fake(_ => { });
            using (var recording = model.Record(File, Max))
            {
                for (var i = 0; i < Count; i += rows)
                    model.Run(Rows([.. Enumerable.Range(i, rows)])).Dispose();
                Assert.Equal((Count, Max), (recording.Seen, recording.Kept));
            }

            return [.. new NpzFile(File).Elements<float>("features").Where((_, i) => i % 64 == 0)];
        }
    }

    [Fact]
    public void The_states_of_a_stream_are_inputs()
    {
        using var model = SumModel.Load(TinyModels.Sum());
        using (model.Record(File))
        {
            using var stream = model.OpenStream();
            for (var i = 1; i <= 3; i++)
                stream.Run([i, 0, 0]).Dispose();
        }

        var file = new NpzFile(File);
        Assert.Equal([3L, 3L], file.Shape("total"));
        Assert.Equal([1f, 0, 0, 2, 0, 0, 3, 0, 0], file.Elements<float>("x"));
        Assert.Equal([0f, 0, 0, 1, 0, 0, 3, 0, 0], file.Elements<float>("total"));

        using var echo = EchoModel.Load(TinyModels.Echo());
        using (echo.Record(File))
        {
            using var stream = echo.OpenStream();
            stream.Run([4, 5]).Dispose();
            stream.Run([6, 7]).Dispose();
        }

        Assert.Equal([2L, 1L, 1L], new NpzFile(File).Shape("h"));
        Assert.Equal([0f, 9f], new NpzFile(File).Elements<float>("h"));
    }

    [Fact]
    public async Task Rows_of_a_batcher_are_recorded_once_and_calls_that_fail_are_not()
    {
        using var model = MlpModel.Fake(call =>
        {
            if (call.Input<float>(MlpModel.InputNames.Features).Contains(13))
                throw new TimeoutException("thirteen");
        });
        await using var batcher = model.OpenBatcher();
        using (model.Record(File))
        {
            var calls = Enumerable.Range(5, 20).Select(value => batcher.RunAsync(Rows(value), Token)).ToArray();
            for (var i = 0; i < calls.Length; i++)
                if (i == 8)
                    await Assert.ThrowsAsync<TimeoutException>(() => calls[8]);
                else
                    (await calls[i]).Dispose();
        }

        var recorded = new NpzFile(File).Elements<float>("features").Where((_, i) => i % 64 == 0);
        Assert.Equal(Enumerable.Range(5, 20).Where(value => value != 13).Select(value => (float)value), recorded.Order());
    }

    [Fact]
    public async Task Many_threads_record_whole_samples()
    {
        const int Threads = 8;
        const int Calls = 500;
        using var model = PairModel.Fake(_ => { });
        using var recording = model.Record(File, max: 100);
        await Task.WhenAll(
            Enumerable
                .Range(0, Threads)
                .Select(thread =>
                    Task.Run(
                        () =>
                        {
                            for (var i = 0; i < Calls; i++)
                            {
                                float value = (thread * Calls) + i;
                                model.Run([value, value, -value, -value], [value, value, -value, -value], length: 2).Dispose();
                            }
                        },
                        Token
                    )
                )
        );
        recording.Dispose();

        Assert.Equal((2 * Threads * Calls, 100), (recording.Seen, recording.Kept));
        var (left, right) = (new NpzFile(File).Elements<float>("left"), new NpzFile(File).Elements<float>("right"));
        Assert.Equal(200, left.Length);
        Assert.Equal(left, right);
        Assert.Equal(left.Where((_, i) => i % 2 == 0), left.Where((_, i) => i % 2 == 1));
        Assert.Equal(100, left.Distinct().Count());
    }

    [Fact]
    public void The_model_writes_the_file_when_it_is_disposed()
    {
        var model = MlpModel.Fake(_ => { });
        var recording = model.Record(File);
        Assert.Contains("real.npz", Assert.Throws<InvalidOperationException>(() => model.Record("other.npz")).Message, StringComparison.Ordinal);
        model.Run(Rows(5)).Dispose();
        model.Reload();
        model.Run(Rows(6)).Dispose();
        model.Dispose();

        Assert.Equal([File], recording.Files);
        Assert.Equal(Rows(5, 6), new NpzFile(File).Elements<float>("features"));
        Assert.Throws<ObjectDisposedException>(() => model.Record(File));
    }

    [Fact]
    public void Every_element_type_of_NumPy_is_recorded_exactly()
    {
        var types = TinyModels.Types.Where(type => type is not ("bfloat16" or "string")).ToArray();
        var contract = new ModelContract(
            "Types",
            "types.onnx",
            "",
            ModelLocation.None,
            [],
            [.. types.Select(type => TensorContract.Of(type, type, 2))],
            [TensorContract.Of("y", "float32", 1)],
            []
        );
        using var host = ModelHost.Fake(contract, _ => { });
        using (host.Record(File, 1))
        {
            var call = host.Rent();
            call.Write<float>(0, [1.5f, float.NaN]);
            call.Write<double>(1, [Math.PI, double.MinValue]);
            call.Write<Half>(2, [(Half)0.1f, Half.MaxValue]);
            call.Write<sbyte>(3, [-128, 127]);
            call.Write<byte>(4, [0, 255]);
            call.Write<short>(5, [short.MinValue, 1]);
            call.Write<ushort>(6, [ushort.MaxValue, 1]);
            call.Write<int>(7, [int.MinValue, 1]);
            call.Write<uint>(8, [uint.MaxValue, 1]);
            call.Write<long>(9, [long.MinValue, 1]);
            call.Write<ulong>(10, [ulong.MaxValue, 1]);
            call.Write<bool>(11, [true, false]);
            call.Run().Dispose();
        }

        var file = new NpzFile(File);
        Assert.Equal("<f4 <f8 <f2 |i1 |u1 <i2 <u2 <i4 <u4 <i8 <u8 |b1", string.Join(' ', types.Select(file.Type)));
        Assert.All(types, type => Assert.Equal([1L, 2L], file.Shape(type)));
        Assert.Equal([1.5f, float.NaN], file.Elements<float>("float32"));
        Assert.Equal([Math.PI, double.MinValue], file.Elements<double>("float64"));
        Assert.Equal([(Half)0.1f, Half.MaxValue], file.Elements<Half>("float16"));
        Assert.Equal([128, 127], file.Bytes("int8"));
        Assert.Equal([ulong.MaxValue, 1], file.Elements<ulong>("uint64"));
        Assert.Equal([1, 0], file.Bytes("bool"));
    }

    [Fact]
    public void Inputs_that_no_file_can_hold_are_an_error()
    {
        using var types = TypesModel.Fake(_ => { });
        using var free = FreeModel.Fake(_ => { });
        using var maybe = MaybeModel.Fake(_ => { });
        Assert.Contains("'bfloat16' is bfloat16[n]", Assert.Throws<NotSupportedException>(() => types.Record(File)).Message, StringComparison.Ordinal);
        Assert.Contains("'x' is float32[*]", Assert.Throws<NotSupportedException>(() => free.Record(File)).Message, StringComparison.Ordinal);
        Assert.Contains("'maybe' is optional", Assert.Throws<NotSupportedException>(() => maybe.Record(File)).Message, StringComparison.Ordinal);
        using var model = MlpModel.Fake(_ => { });
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Record(File, 0));
        Assert.Throws<ArgumentException>(() => model.Record("real.npy"));
        Assert.Throws<ArgumentException>(() => model.Record(""));
    }

    [Fact]
    public void A_recording_without_samples_leaves_files_as_they_are()
    {
        _folder.Write("data/real.npz", "old");
        _folder.Write("data/real.2.npz", "old");
        using var model = MlpModel.Fake(_ => { });
        var recording = model.Record(File);
        model.Run([]).Dispose();
        recording.Dispose();

        Assert.Equal((0, 0), (recording.Seen, recording.Kept));
        Assert.Empty(recording.Files);
        Assert.Equal("old", System.IO.File.ReadAllText(File));
        Assert.Equal(["data", "data/real.2.npz", "data/real.npz"], _folder.Names());
    }

    [Fact]
    public void Samples_survive_a_file_that_cannot_be_written()
    {
        _folder.Write("data", "a file where the folder should be");
        var path = Path.Combine(_folder.Path, "data", "real.npz");
        using var model = MlpModel.Fake(_ => { });
        var recording = model.Record(path);
        model.Run(Rows(4)).Dispose();
        Assert.Throws<IOException>(recording.Dispose);
        Assert.Equal(["data"], _folder.Names());
        System.IO.File.Delete(Path.Combine(_folder.Path, "data"));
        recording.Dispose();

        Assert.Equal(Rows(4), new NpzFile(path).Elements<float>("features"));
    }

    private static float[] Rows(params int[] values) => [.. values.SelectMany(value => Enumerable.Repeat((float)value, 64))];
}
