using Microsoft.ML.OnnxRuntime;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Runtime.Tests;

/// <summary>On real models a pooled call gives bit for bit what the session gives by itself.</summary>
[Trait("Speed", "Slow")]
public sealed class CorpusTests
{
    public static TheoryData<string> Models => [.. Corpus.ModelsOrNone(path => path.StartsWith("models/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_call_gives_what_the_session_gives(string model)
    {
        var path = Corpus.Model(model);
        var graph = OnnxModel.Load(path, cancellationToken: TestContext.Current.CancellationToken).Proto.Graph;
        var weights = graph.Initializer.Select(weight => weight.Name).ToHashSet();
        var inputs = graph.Input.Where(input => !weights.Contains(input.Name)).ToArray();
        var contract = new ModelContract(
            "Corpus",
            model,
            "",
            ModelLocation.None,
            ["cpu"],
            [.. inputs.Select(Contract)],
            [.. graph.Output.Select(Contract)],
            [.. Variables(inputs)]
        );
        using var host = ModelHost.OpenFile(contract, path, new ModelOptions { Threads = 1, Spinning = false });

        foreach (var size in new[] { 1, 2, 1 })
            Compare(host, contract, size);
    }

    private static void Compare(ModelHost host, ModelContract contract, int size)
    {
        // Optional inputs are left out.
        var shapes = contract
            .Inputs.Select(input => (input.Shape ?? []).Select((dimension, axis) => dimension.Size ?? Size(input, axis, size)).ToArray())
            .ToArray();
        Dictionary<string, OrtValue> values = [];
        for (var i = 0; i < shapes.Length; i++)
            if (contract.Inputs[i].Kind == "tensor")
                values.Add(
                    contract.Inputs[i].Name,
                    contract.Inputs[i].Type == "string"
                        ? OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shapes[i])
                        : OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, Element(contract.Inputs[i].Type), shapes[i])
                );
        foreach (var (name, value) in values)
            Fill(value, name);

        var typed = contract.Outputs.Where(output => output.IsTyped).Select(output => output.Name).ToArray();
        IDisposableReadOnlyCollection<OrtValue> expected;
        using var options = new RunOptions();
        try
        {
            expected = host.Session.Run(options, values, typed);
        }
        catch (OnnxRuntimeException exception)
        {
            // Some models do not run with every shape that they declare.
            MissingData.SkipOrFail($"The model does not run on synthetic inputs of this size: {exception.Message}");
            return;
        }

        var call = host.Rent();
        for (var i = 0; i < shapes.Length; i++)
            if (contract.Inputs[i].Value is not null)
                call.WriteValue<System.Numerics.Tensors.Tensor<float>?>(i, null);
            else if (contract.Inputs[i].Type == "string")
                call.Write<string>(i, values[contract.Inputs[i].Name].GetStringTensorAsArray());
            else
                Write(call, i, contract.Inputs[i].Type, values[contract.Inputs[i].Name].GetTensorMutableRawData());
        for (var i = 0; i < contract.Variables.Count; i++)
            call.SetDimension(i, (int)shapes[contract.Variables[i].Input][contract.Variables[i].Axis]);
        using var result = call.Run();
        var next = 0;
        for (var i = 0; i < contract.Outputs.Count; i++)
            if (contract.Outputs[i].IsTyped)
                Same(result, i, contract.Outputs[i], expected[next++]);
        expected.Dispose();
    }

    /// <summary>Sizes that the corpus's models run on: pictures of 64 × 64, half a thousand samples of sound, short texts.</summary>
    private static long Size(TensorContract input, int axis, int batch) =>
        input.Shape!.Count switch
        {
            4 when axis >= 2 => 64,
            2 when axis == 1 => input.Type == "int64" ? 64 : 512,
            _ => batch,
        };

    private static void Fill(OrtValue value, string name)
    {
        if (value.GetTensorTypeAndShape().ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.String)
        {
            // The model of penguins returns texts.
            for (var i = 0; i < value.GetTensorTypeAndShape().ElementCount; i++)
                value.StringTensorSetElementAt((name == "sex" ? "female" : "Biscoe").AsSpan(), i);
            return;
        }

        value.GetTensorMutableRawData().Clear();
        if (value.GetTensorTypeAndShape().ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float)
            value.GetTensorMutableDataAsSpan<float>().Fill(0.5f);
        else if (name == "sr")
            value.GetTensorMutableDataAsSpan<long>().Fill(16000);
    }

    private static void Write(ModelCall call, int input, string type, ReadOnlySpan<byte> bytes)
    {
        switch (type)
        {
            case "float32":
                call.Write(input, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes));
                break;
            case "float16":
                call.Write(input, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, Half>(bytes));
                break;
            case "int32":
                call.Write(input, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(bytes));
                break;
            case "int64":
                call.Write(input, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(bytes));
                break;
            case "uint8":
                call.Write(input, bytes);
                break;
            default:
                Assert.Fail($"No input of type {type} here.");
                break;
        }
    }

    private static void Same(ModelResult result, int output, TensorContract contract, OrtValue expected)
    {
        if (contract.Value is { } type)
        {
            Assert.Equal(Plain(type.ReadAny(expected)), Plain(result.Value<object>(output)));
            return;
        }

        var shape = expected.GetTensorTypeAndShape().Shape;
        switch (contract.Type)
        {
            case "float32":
                Same(result.Tensor<float>(output), shape, expected);
                break;
            case "float16":
                Same(result.Tensor<Half>(output), shape, expected);
                break;
            case "int64":
                Same(result.Tensor<long>(output), shape, expected);
                break;
            case "int32":
                Same(result.Tensor<int>(output), shape, expected);
                break;
            case "uint8":
                Same(result.Tensor<byte>(output), shape, expected);
                break;
            case "string":
                Assert.Equal(expected.GetStringTensorAsArray(), result.Tensor<string>(output).ToArray());
                break;
            default:
                Assert.Fail($"No output of type {contract.Type} here.");
                break;
        }
    }

    private static object? Plain(object? value) =>
        value switch
        {
            System.Numerics.Tensors.Tensor<float> tensor => (tensor.Lengths.ToArray(), tensor.ToArray()),
            System.Collections.IEnumerable items and not string and not System.Collections.IDictionary => items.Cast<object>().Select(Plain).ToArray(),
            _ => value,
        };

    private static void Same<T>(TensorView<T> actual, long[] shape, OrtValue expected)
        where T : unmanaged
    {
        Assert.Equal(shape, actual.Shape);
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.AsBytes(actual.Span).SequenceEqual(expected.GetTensorMutableRawData()));
    }

    private static IEnumerable<ShapeVariable> Variables(ValueInfoProto[] inputs)
    {
        var symbols = new HashSet<string>();
        for (var input = 0; input < inputs.Length; input++)
        for (var axis = 0; axis < inputs[input].Type.TensorType?.Shape.Dim.Count; axis++)
            if (
                Dimension(inputs[input].Type.TensorType.Shape.Dim[axis]) is { Size: null } dimension
                && (dimension.Symbol is null || symbols.Add(dimension.Symbol))
            )
                yield return ShapeVariable.FromCaller(input, axis);
    }

    private static TensorContract Contract(ValueInfoProto value)
    {
        if (value.Type.TensorType is not { } tensor)
            return value.Type switch
            {
                { OptionalType: not null } => TensorContract.OfValue(
                    value.Name,
                    "optional",
                    "optional(tensor(float))",
                    OnnxType.Optional(OnnxType.Tensor<float>("float32"))
                ),
                { SequenceType.ElemType.TensorType: not null } => TensorContract.OfValue(
                    value.Name,
                    "sequence",
                    "seq(tensor(float))",
                    OnnxType.Sequence(OnnxType.Tensor<float>("float32"))
                ),
                { SequenceType.ElemType.MapType.KeyType: (int)DataType.String } => TensorContract.OfValue(
                    value.Name,
                    "sequence",
                    "seq(map(string,tensor(float)))",
                    OnnxType.Sequence(OnnxType.Map<string, float>("string", "float32"))
                ),
                _ => TensorContract.OfValue(
                    value.Name,
                    "sequence",
                    "seq(map(int64,tensor(float)))",
                    OnnxType.Sequence(OnnxType.Map<long, float>("int64", "float32"))
                ),
            };
        var type = (DataType)tensor.ElemType switch
        {
            DataType.Float => "float32",
            DataType.Double => "float64",
            var other => other.ToString().ToLowerInvariant(),
        };
        return tensor.Shape is null
            ? TensorContract.OfUnknownRank(value.Name, type)
            : TensorContract.Of(value.Name, type, [.. tensor.Shape.Dim.Select(Dimension)]);
    }

    private static TensorDimension Dimension(TensorShapeProto.Types.Dimension dimension) =>
        dimension.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue && dimension.DimValue > 0 ? dimension.DimValue
        : dimension.DimParam is { Length: > 0 } symbol ? symbol
        : TensorDimension.Unknown;

    private static Microsoft.ML.OnnxRuntime.Tensors.TensorElementType Element(string type) =>
        type switch
        {
            "float32" => Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float,
            "float64" => Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Double,
            _ => Enum.Parse<Microsoft.ML.OnnxRuntime.Tensors.TensorElementType>(type, ignoreCase: true),
        };
}
