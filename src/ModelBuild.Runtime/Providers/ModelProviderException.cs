namespace ModelBuild.Runtime;

/// <summary>The exception that is thrown when none of the execution providers that a model may use is available on this machine.</summary>
public sealed class ModelProviderException : ModelLoadException
{
    /// <summary>Initializes a new instance of the <see cref="ModelProviderException"/> class without a message.</summary>
    public ModelProviderException() { }

    /// <summary>Initializes a new instance of the <see cref="ModelProviderException"/> class with a message.</summary>
    /// <param name="message">The message.</param>
    public ModelProviderException(string message)
        : base(message) { }

    /// <summary>Initializes a new instance of the <see cref="ModelProviderException"/> class with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public ModelProviderException(string message, Exception? innerException)
        : base(message, innerException) { }
}
