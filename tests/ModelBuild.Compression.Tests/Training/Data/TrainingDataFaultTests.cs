using System.IO.Compression;
using ModelBuild.Compression.Diagnostics;
using static ModelBuild.Compression.Tests.Training.Data.TrainingFiles;

namespace ModelBuild.Compression.Tests.Training.Data;

public sealed class TrainingDataFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static Net Vectors => new Net().Input("x", -1, 3);

    public static TheoryData<string, byte[], string> Arrays =>
        new()
        {
            { "y", Numpy.Array([4, 2], new float[8]), "has the shape [4,2]" },
            { "x", Numpy.Array([4, 3], new int[12]), "holds int32" },
            { "x", Numpy.Texts([4, 3], [.. Enumerable.Repeat("a", 12)]), "holds texts" },
            { "x", Numpy.Array<float>([0, 3]), "it has no row" },
            { "x", [.. Numpy.Array([4, 3], new float[12]).Take(150)], "ends before its last element" },
            { "x", [1, 2, 3], "not a NumPy array" },
        };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Arrays))]
    public void An_array_that_cannot_be_used_is_an_error_in_every_place(string name, byte[] array, string what)
    {
        foreach (var memory in new[] { 0, Large })
        foreach (var path in new[] { _folder.Write("x.npy", array), Numpy.Npz(_folder.File($"{memory}.npz"), (name, array)) })
            AssertFault(() => Open(Vectors, memory, [path]).Dispose(), what, path);
    }

    [Theory]
    [InlineData(new[] { 0, 1, -1, 2 }, "holds -1 in row 2, and the model has the classes 0 to 2")]
    [InlineData(new[] { 0, 3, 1, 2 }, "holds 3 in row 1, and the model has the classes 0 to 2")]
    [InlineData(new[] { 0, 1, 2 }, "has 3 rows")]
    [InlineData(new[] { 0, 1, 2, 0, 1, 2, 0, 1 }, "one class for each row")]
    public void Labels_that_are_no_classes_are_an_error(int[] labels, string what)
    {
        long[] shape = labels.Length == 8 ? [4, 2] : [labels.Length];
        var path = Numpy.Npz(_folder.File("x.npz"), ("x", Numpy.Array([4, 3], new float[12])), ("label", Numpy.Array(shape, labels)));

        AssertFault(
            () =>
            {
                using var set = Open(Vectors, path);
                set.CheckLabels(3);
            },
            what,
            path
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Large)]
    public void A_row_with_NaN_is_named_when_a_batch_reads_it(long memory)
    {
        var values = new float[30];
        values[3 * 7 + 1] = float.NaN;
        var path = _folder.Write("x.npy", Numpy.Array([10, 3], values));
        using var set = Open(Vectors, memory, [path], seed: 2);

        AssertFault(() => set.Training(3).Take(4).Concat(set.HeldOut(3)).ToList().ForEach(batch => Floats(batch)), "'x' holds NaN in row 7", path);
    }

    [Theory]
    [InlineData("x.npy", CompressionLevel.NoCompression)]
    [InlineData("x.npz", CompressionLevel.NoCompression)]
    public void Rows_that_are_stored_uncompressed_stay_in_their_file_and_the_file_is_named_when_it_becomes_shorter(string name, CompressionLevel level)
    {
        var path = Write(name, level);
        using var set = Open(Vectors, memory: 0, [path]);
        _folder.Write(name, [1, 2, 3]);

        AssertFault(() => set.Training(9).Take(2).ToList().ForEach(batch => Floats(batch)), "ends before its last element", path);
    }

    [Theory]
    [InlineData("x.npz", CompressionLevel.Optimal, 0)]
    [InlineData("x.npy", CompressionLevel.NoCompression, Large)]
    [InlineData("x.npz", CompressionLevel.NoCompression, Large)]
    public void Compressed_rows_and_rows_in_memory_need_their_file_only_once(string name, CompressionLevel level, long memory)
    {
        var path = Write(name, level);
        using var set = Open(Vectors, memory, [path]);
        File.Delete(path);

        foreach (var batch in set.Training(9).Take(2))
            Assert.Equal(batch.Draws.SelectMany(draw => Numbers(30)[(draw.Row * 3)..(draw.Row * 3 + 3)]), Floats(batch));
    }

    [Theory]
    [InlineData("x.csv", "'.csv' are not read")]
    [InlineData("missing.npz", "missing.npz")]
    public void A_file_that_is_no_array_is_an_error(string name, string what)
    {
        var path = _folder.File(name);
        if (!name.StartsWith("missing", StringComparison.Ordinal))
            File.WriteAllText(path, "1,2,3");

        AssertFault(() => Open(Vectors, path).Dispose(), what, path);
    }

    [Fact]
    public void No_file_is_an_error() => AssertFault(() => Open(Vectors).Dispose(), "it has no row", null);

    [Fact]
    public void Validation_files_without_rows_are_an_error()
    {
        var training = _folder.Write("t.npy", Numpy.Array([4, 3], new float[12]));
        var validation = _folder.Write("v.npy", Numpy.Array<float>([0, 3]));

        AssertFault(() => Open(Vectors, Large, [training], [validation]).Dispose(), "validation part has no row", validation);
    }

    private string Write(string name, CompressionLevel level)
    {
        var array = Numpy.Array([10, 3], Numbers(30));
        return name == "x.npy" ? _folder.Write(name, array) : Numpy.Npz(_folder.File(name), level, ("x", array));
    }

    private static void AssertFault(Action action, string what, string? file)
    {
        var exception = Assert.Throws<CompressionException>(action);
        Assert.Equal(Codes.CalibrationData, exception.Code);
        Assert.Contains(what, exception.Message, StringComparison.Ordinal);
        Assert.Contains("training data", exception.Message, StringComparison.Ordinal);
        Assert.Equal(file, exception.File);
    }
}
