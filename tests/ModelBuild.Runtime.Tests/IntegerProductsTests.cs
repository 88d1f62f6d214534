using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Onnx;
using ModelBuild.Runtime.Loading;
using ModelBuild.Runtime.Native;
using ModelBuild.Runtime.Sources;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Runtime.Tests;

/// <summary>Integer arithmetic is right on every x64 processor: with the option where products saturate, without it where it would only cost time.</summary>
public sealed class IntegerProductsTests
{
    private const int Inputs = 64;
    private const int Outputs = 32;

    [Theory]
    [InlineData(true, true, DataType.Uint8)]
    [InlineData(true, false, DataType.Int8)]
    [InlineData(false, true, DataType.Int8)]
    internal void Products_that_do_not_fit_16_bits_are_right_with_the_option_and_with_VNNI(bool productsSaturate, bool isDescribed, DataType weights)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
            Assert.Skip("The option is for x64 processors.");
        var optimized = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");
        try
        {
            var options = new ModelOptions { Threads = 1, ConfigureSession = session => session.OptimizedModelFilePath = optimized };
            var model = Model(isDescribed);
            var (session, _, _) = new SessionFactory(Contract(), options, OnnxRuntimeLibrary.Load(), productsSaturate).Open(
                ModelSource.Memory(model.ToBytes())
            );

            using (session)
                if (weights == DataType.Uint8 || !IntegerProducts.Saturate)
                    Assert.All(Run(session), value => Assert.Equal(Inputs, value, 1e-3));
            var kinds = OnnxModel
                .Load(optimized, cancellationToken: TestContext.Current.CancellationToken)
                .Proto.Graph.Initializer.Where(tensor => tensor.ElementCount() == Inputs * Outputs)
                .Select(tensor => (DataType)tensor.DataType);
            Assert.Equal([weights], kinds);
        }
        finally
        {
            File.Delete(optimized);
        }
    }

    [Theory]
    [InlineData("a", null)]
    [InlineData("b", "two")]
    [InlineData("empty", "")]
    public void Metadata_is_read_without_the_graph(string key, string? value)
    {
        var model = Model(isDescribed: true);
        model.SetMetadata("b", "two");
        model.SetMetadata("empty", "");
        model.SetMetadata("long", new string('x', 10_000));
        var bytes = model.ToBytes();

        Assert.Equal(value, MetadataReader.Find(new MemoryStream(bytes), key));
        Assert.Equal(IntegerProducts.UnsignedBySigned, MetadataReader.Find(new MemoryStream(bytes), IntegerProducts.ArithmeticKey));
        // A file that ends early is not a valid model at any length, so the search finds no products in it.
        for (var length = 0; length < bytes.Length; length += 7)
            MetadataReader.Find(new MemoryStream(bytes, 0, length), "absent");
        Assert.Null(MetadataReader.Find(new MemoryStream("not a model at all"u8.ToArray()), key));
    }

    private static float[] Run(InferenceSession session)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(1f, Inputs).ToArray(), [1, Inputs]);
        using var options = new RunOptions();
        using var results = session.Run(options, ["x"], [input], ["y"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static ModelContract Contract() => new("Model", "model.onnx", "", ModelLocation.None, ["cpu"], [], [], []);

    // Activations of 255 and weights of 127 are multiplied in pairs. Their sum of 64,770 exceeds a signed 16-bit integer.
    private static OnnxModel Model(bool isDescribed)
    {
        var graph = new GraphProto
        {
            Name = "product",
            Node =
            {
                Nodes.Create("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]),
                Nodes.Create("MatMulInteger", isDescribed ? ["q", "w", "z", "wz"] : ["q", "w", "z"], ["i"]),
                Nodes.Create("Cast", ["i"], ["f"], attributes: ("to", (long)DataType.Float)),
                Nodes.Create("Mul", ["s", "ws"], ["scale"]),
                Nodes.Create("Mul", ["f", "scale"], ["y"]),
            },
            Initializer =
            {
                Onnx.Tensors.Create("w", [Inputs, Outputs], Enumerable.Repeat((sbyte)127, Inputs * Outputs).ToArray()),
                Onnx.Tensors.Create<sbyte>("wz", [], [0]),
                Onnx.Tensors.Create("ws", [Outputs], Enumerable.Repeat(1f / 127, Outputs).ToArray()),
            },
            Input = { Value("x", Inputs) },
            Output = { Value("y", Outputs) },
        };
        var model = new OnnxModel(
            new ModelProto
            {
                IrVersion = 8,
                OpsetImport = { new OperatorSetIdProto { Version = 17 } },
                Graph = graph,
            }
        );
        if (isDescribed)
            model.SetMetadata(IntegerProducts.ArithmeticKey, IntegerProducts.UnsignedBySigned);
        return model;
    }

    private static ValueInfoProto Value(string name, long size)
    {
        var shape = new TensorShapeProto
        {
            Dim =
            {
                new TensorShapeProto.Types.Dimension { DimValue = 1 },
                new TensorShapeProto.Types.Dimension { DimValue = size },
            },
        };
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = shape },
            },
        };
    }
}
