namespace ModelBuild.Runtime;

/// <summary>The exception that is thrown when a model cannot be loaded, because ONNX Runtime is missing or rejects the model.</summary>
public class ModelLoadException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="ModelLoadException"/> class without a message.</summary>
    public ModelLoadException() { }

    /// <summary>Initializes a new instance of the <see cref="ModelLoadException"/> class with a message.</summary>
    /// <param name="message">The message.</param>
    public ModelLoadException(string message)
        : base(message) { }

    /// <summary>Initializes a new instance of the <see cref="ModelLoadException"/> class with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public ModelLoadException(string message, Exception? innerException)
        : base(message, innerException) { }
}
