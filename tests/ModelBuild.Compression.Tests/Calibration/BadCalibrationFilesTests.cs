using Google.Protobuf;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Calibration;

public sealed class BadCalibrationFilesTests
{
    private static readonly byte[] Good = Numpy.Array([2, 3], 1f, 2f, 3f, 4f, 5f, 6f);

    public static TheoryData<string, byte[], string> Arrays { get; } =
        new()
        {
            { "empty", [], "not a NumPy array" },
            { "text", "hello, world, this is no array"u8.ToArray(), "not a NumPy array" },
            { "magic alone", Good[..8], "" },
            { "half a header", Good[..40], "" },
            { "no element", Good[..128], "ends before its last element" },
            { "half an element", Good[..^2], "ends before its last element" },
            { "columns first", Numpy.Array("<f4", [2, 3], new byte[24], fortran: true), "Fortran order" },
            { "big endian", Numpy.Array(">f4", [2, 3], new byte[24]), "'>f4'" },
            { "objects", Numpy.Array("|O", [2, 3], new byte[48]), "'|O'" },
            { "fields", Numpy.Header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 3), }"), "no 'descr' or 'shape'" },
            { "no shape", Numpy.Header("{'descr': '<f4', 'fortran_order': False}"), "no 'descr' or 'shape'" },
            { "negative shape", Numpy.Header("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3), }"), "" },
            { "words for a shape", Numpy.Header("{'descr': '<f4', 'fortran_order': False, 'shape': (two, 3), }"), "" },
            { "endless shape", Numpy.Header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 3), }"), "" },
            {
                "more rows than there are",
                Numpy.Header("{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000000, 3), }"),
                "ends before its last element"
            },
            { "wide text", Numpy.Header("{'descr': '<U99999999999', 'fortran_order': False, 'shape': (2, 3), }"), "" },
            { "negative text", Numpy.Header("{'descr': '<U-4', 'fortran_order': False, 'shape': (2, 3), }"), "" },
            { "a header of gigabytes", [0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255], "declares 4294967295 bytes" },
            { "another type", Numpy.Array([2, 3], 1, 2, 3, 4, 5, 6), "holds int32, and the model takes float32" },
            { "too few axes", Numpy.Array([6], new float[6]), "has the shape [6], and the model takes [?,3]" },
            { "too many axes", Numpy.Array([1, 1, 2, 3], new float[6]), "has the shape [1,1,2,3]" },
            { "other columns", Numpy.Array([3, 2], new float[6]), "has the shape [3,2], and the model takes [?,3]" },
            { "scalar", Numpy.Array([], 1f), "" },
            { "no row", Numpy.Array<float>([0, 3]), "no sample" },
        };

    [Theory]
    [MemberData(nameof(Arrays))]
    public void A_bad_array_is_one_error_that_names_its_file(string what, byte[] array, string message)
    {
        using var folder = new TemporaryFolder();
        var model = new Net().Input("x", -1, 3);

        Fails(model, message, folder.Write($"{what}.npy", array));
        Fails(model, message, Numpy.Npz(folder.File($"{what}.npz"), ("x", array)));
    }

    [Fact]
    public void An_array_that_claims_gigabytes_in_one_call_is_not_believed()
    {
        using var folder = new TemporaryFolder();
        var header = Numpy.Header("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 100000000), }");
        var before = GC.GetAllocatedBytesForCurrentThread();

        Fails(new Net().Input("x", -1, -1), "ends before its last element", folder.Write("claims.npy", header));
        Fails(new Net().Input("x", -1, -1), "ends before its last element", Numpy.Npz(folder.File("claims.npz"), ("x", header)));

        // The headers of the two files claim 1.6 gigabytes each.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void A_bad_archive_is_one_error_that_names_it()
    {
        using var folder = new TemporaryFolder();
        var good = File.ReadAllBytes(
            Numpy.Npz(folder.File("good.npz"), System.IO.Compression.CompressionLevel.Optimal, ("x", Numpy.Array([200, 3], Noise.Floats(600))))
        );
        var net = new Net().Input("x", -1, 3);

        Fails(net, "", folder.Write("empty.npz", []));
        Fails(net, "", folder.Write("text.npz", "no archive"));
        Fails(net, "", folder.Write("cut.npz", good.AsSpan(..^30)));
        Fails(net, "", folder.Write("pointer.npz", "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 1\n"));
        Fails(net, "it has no array 'x'; its arrays are 'y', 'z'", Numpy.Npz(folder.File("names.npz"), ("y", Good), ("z", Good)));
        var damaged = good.ToArray();
        damaged.AsSpan(300, 200).Fill(0xAA);
        Fails(net, "", folder.Write("damaged.npz", damaged));
    }

    [Fact]
    public void Labels_that_do_not_fit_are_one_error()
    {
        using var folder = new TemporaryFolder();
        var net = new Net().Input("x", -1, 3);

        Fails(net, "label", Numpy.Npz(folder.File("real.npz"), ("x", Good), ("label", Numpy.Array([2], 0.5f, 1f))));
        Fails(net, "each row needs one label", Numpy.Npz(folder.File("few.npz"), ("x", Good), ("label", Numpy.Array([1], 1L))));
        Fails(net, "label", Numpy.Npz(folder.File("one.npz"), ("x", Good), ("label", Numpy.Array([], 1L))));
    }

    [Fact]
    public void A_number_that_the_models_type_cannot_hold_is_one_error()
    {
        using var folder = new TemporaryFolder();

        Fails(new Net().Input("x", DataType.Int32, -1), "", Numpy.Npz(folder.File("large.npz"), ("x", Numpy.Array([1], long.MaxValue))));
    }

    [Fact]
    public void A_batch_of_nothing_is_one_error()
    {
        using var folder = new TemporaryFolder();

        Fails(new Net().Input("x", [0, 3]), "", Numpy.Npz(folder.File("none.npz"), ("x", Good)));
    }

    [Fact]
    public void Other_files_and_missing_ones_are_one_error()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("folder.npz"));
        var net = new Net().Input("x", -1, 3);

        Fails(net, "'.csv' are not read; .npz, .npy and .pb are", folder.Write("data.csv", "1,2,3"));
        Fails(net, "", folder.File("missing.npz"));
        Fails(net, "", folder.File("missing.npy"));
        Fails(net, "", folder.File("folder.npz"));
        Fails(new Net().Input("x", -1, 3).Input("y", -1, 3), "has 2 inputs: use an .npz", folder.Write("good.npy", Good));
    }

    [Fact]
    public void Bad_test_data_is_one_error()
    {
        using var folder = new TemporaryFolder();
        var net = new Net().Input("x", 1, 2).Input("y", 1, 2);
        var good = Tensors.Create("x", [1, 2], [1f, 2f]).ToByteArray();

        Fails(net, "no tensor for the input 'y'", folder.Write("a/input_0.pb", good));
        Fails(net, "", folder.Write("b/input_0.pb", good.AsSpan(..^3)));
        Fails(net, "", folder.Write("c/input_0.pb", "rubbish"));
        Fails(net, "belongs to no input", folder.Write("d/input_7.pb", Tensors.Create("", [1, 2], [1f, 2f]).ToByteArray()));
        Fails(net, "belongs to no input", folder.Write("e/input_x.pb", Tensors.Create("", [1, 2], [1f, 2f]).ToByteArray()));
        Fails(
            net,
            "holds int64, and the model takes float32",
            folder.Write("f/input_0.pb", Tensors.Create("x", [1, 2], new[] { 1L, 2L }).ToByteArray()),
            folder.Write("f/input_1.pb", Tensors.Create("y", [1, 2], [1f, 2f]).ToByteArray())
        );
        Fails(
            net,
            "has the shape [2,1], and the model takes [1,2]",
            folder.Write("g/input_0.pb", Tensors.Create("x", [2, 1], [1f, 2f]).ToByteArray()),
            folder.Write("g/input_1.pb", Tensors.Create("y", [1, 2], [1f, 2f]).ToByteArray())
        );
        Fails(net, "", folder.Write("h/input_0.pb", []));
    }

    private static void Fails(Net net, string message, params string[] files)
    {
        // The reader does not report that there is no sample at all. Its caller reports that, as the test does here.
        var exception = Assert.ThrowsAny<Exception>(() =>
        {
            if (new CalibrationFiles(files, SignatureReader.Read(net.Build())).Read(CancellationToken.None).ToArray().Length == 0)
                throw new CompressionException(Codes.CalibrationData, "no sample", files[0]);
        });

        var known = Assert.IsType<CompressionException>(exception);
        Assert.Equal(Codes.CalibrationData, known.Code);
        Assert.Equal(files[0], known.File);
        Assert.Contains(message, known.Message, StringComparison.Ordinal);
    }
}
