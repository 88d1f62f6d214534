namespace ModelBuild.Runtime;

/// <summary>The exception that is thrown when a model file has other inputs or outputs than the class was generated for.</summary>
public sealed class ModelSignatureException : ModelLoadException
{
    /// <summary>Initializes a new instance of the <see cref="ModelSignatureException"/> class without a message.</summary>
    public ModelSignatureException() { }

    /// <summary>Initializes a new instance of the <see cref="ModelSignatureException"/> class with a message.</summary>
    /// <param name="message">The message.</param>
    public ModelSignatureException(string message)
        : base(message) { }

    /// <summary>Initializes a new instance of the <see cref="ModelSignatureException"/> class with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
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

    /// <summary>Gets the differences between the model and the contract of the class, one sentence each.</summary>
    public IReadOnlyList<string> Differences { get; } = [];
}
