using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>An input of a model whose gradients are checked, or a weight that becomes an input.</summary>
/// <param name="Name">The name of the value.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="Values">The elements: float, long, int or bool.</param>
internal sealed record CheckedInput(string Name, long[] Shape, Array Values)
{
    /// <summary>Gets whether the input has a gradient.</summary>
    public bool IsFloat => Values is float[];

    /// <summary>Returns the element type and the sizes. If the sizes are open, dimensions of one size have one symbol.</summary>
    public InferredTensor Type(bool isOpen) =>
        new(ElementType, isOpen ? [.. Shape.Select(_ => -1L)] : Shape) { Symbols = isOpen ? [.. Shape.Select(Symbol)] : [] };

    /// <summary>Declares the input.</summary>
    public ValueInfoProto Declare(bool isOpen)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(
            Shape.Select(size =>
                isOpen ? new TensorShapeProto.Types.Dimension { DimParam = Symbol(size) } : new TensorShapeProto.Types.Dimension { DimValue = size }
            )
        );
        return new ValueInfoProto
        {
            Name = Name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)ElementType, Shape = shape },
            },
        };
    }

    /// <summary>Returns the elements as a value of ONNX Runtime.</summary>
    public OrtValue ToOrtValue() =>
        Values switch
        {
            float[] values => OrtValue.CreateTensorValueFromMemory(values, Shape),
            long[] values => OrtValue.CreateTensorValueFromMemory(values, Shape),
            int[] values => OrtValue.CreateTensorValueFromMemory(values, Shape),
            bool[] values => OrtValue.CreateTensorValueFromMemory(values, Shape),
            _ => throw new NotSupportedException(Values.GetType().Name),
        };

    private DataType ElementType =>
        Values switch
        {
            float[] => DataType.Float,
            long[] => DataType.Int64,
            int[] => DataType.Int32,
            bool[] => DataType.Bool,
            _ => throw new NotSupportedException(Values.GetType().Name),
        };

    private static string Symbol(long size) => $"size {size}";
}
