namespace ModelBuild.Runtime;

/// <summary>A model file has other inputs or outputs than the class was generated for.</summary>
public sealed class ModelSignatureException : ModelLoadException
{
    /// <summary>Makes an exception without a message.</summary>
    public ModelSignatureException() { }

    /// <summary>Makes an exception with a message.</summary>
    public ModelSignatureException(string message)
        : base(message) { }

    /// <summary>Makes an exception with a message and what caused it.</summary>
    public ModelSignatureException(string message, Exception? innerException)
        : base(message, innerException) { }

    internal ModelSignatureException(ModelContract contract, string source, IReadOnlyList<string> differences)
        : base(
            $"{source} does not have the signature that the class {contract.Name} was generated for: {string.Join("; ", differences)}. "
                + "Rebuild the project so that class and model come from the same file, or load a model with the same inputs and outputs."
        )
    {
        Differences = differences;
    }

    /// <summary>What differs, one sentence each.</summary>
    public IReadOnlyList<string> Differences { get; } = [];
}
