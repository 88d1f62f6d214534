namespace ModelBuild.Runtime.Recording;

/// <summary>Checks and names the inputs that files of calibration data can hold.</summary>
internal static class RecordedInputs
{
    /// <summary>Checks that all inputs of a model can be recorded.</summary>
    /// <exception cref="NotSupportedException">The model has no inputs, or one of them is not a tensor of numbers or booleans with a declared rank.</exception>
    public static void Check(ModelContract contract)
    {
        if (contract.Inputs.Count == 0)
            throw new NotSupportedException($"{contract.Name} has no inputs, so there is nothing to record.");
        if (contract.Inputs.FirstOrDefault(input => input.Kind != "tensor" || input.Shape is null || NumpyType(input.Type) is null) is { } other)
            throw new NotSupportedException(
                $"The inputs of {contract.Name} cannot be recorded, because '{other.Name}' is {other}: "
                    + "files of calibration data hold tensors of numbers and booleans with a declared number of dimensions."
            );
    }

    /// <summary>Returns NumPy's name of an element type of signatures; null if NumPy has no such type.</summary>
    public static string? NumpyType(string type) =>
        type switch
        {
            "float32" => "<f4",
            "float64" => "<f8",
            "float16" => "<f2",
            "int8" => "|i1",
            "uint8" => "|u1",
            "int16" => "<i2",
            "uint16" => "<u2",
            "int32" => "<i4",
            "uint32" => "<u4",
            "int64" => "<i8",
            "uint64" => "<u8",
            "bool" => "|b1",
            _ => null,
        };
}
