namespace ModelBuild.Runtime.Remote;

/// <summary>Represents an input or output in the metadata of a model on a server.</summary>
/// <param name="Name">The name.</param>
/// <param name="DataType">The data type of the protocol, such as <c>FP32</c>.</param>
/// <param name="Shape">The dimensions; a negative size is dynamic.</param>
internal sealed record RemoteTensor(string Name, string DataType, long[] Shape)
{
    /// <summary>Determines whether the server accepts every call of the class with this tensor.</summary>
    /// <remarks>Servers have no notation for an undeclared rank, so shapes are compared only when both have as many dimensions as the class.</remarks>
    public bool Fits(TensorContract expected, bool isInput)
    {
        if (InferenceType.Of(expected.Type) != DataType || expected.Kind != "tensor")
            return false;
        if (expected.Shape is null || Shape is [< 0] or [])
            return true;
        if (expected.Shape.Count != Shape.Length)
            return false;
        for (var axis = 0; axis < Shape.Length; axis++)
            if (Shape[axis] >= 0 && Shape[axis] != expected.Shape[axis].Size && (isInput || expected.Shape[axis].Size is not null))
                return false;
        return true;
    }

    public override string ToString() => $"{DataType}[{string.Join(", ", Shape)}]";
}
