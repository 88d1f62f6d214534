namespace ModelBuild.Runtime;

/// <summary>None of the execution providers that a model may use runs here.</summary>
public sealed class ModelProviderException : ModelLoadException
{
    /// <summary>Makes an exception without a message.</summary>
    public ModelProviderException() { }

    /// <summary>Makes an exception with a message.</summary>
    public ModelProviderException(string message)
        : base(message) { }

    /// <summary>Makes an exception with a message and what caused it.</summary>
    public ModelProviderException(string message, Exception? innerException)
        : base(message, innerException) { }
}
