namespace ModelBuild.Runtime;

/// <summary>A model cannot be loaded: ONNX Runtime is missing, or refuses it.</summary>
public class ModelLoadException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public ModelLoadException() { }

    /// <summary>Makes an exception with a message.</summary>
    public ModelLoadException(string message)
        : base(message) { }

    /// <summary>Makes an exception with a message and what caused it.</summary>
    public ModelLoadException(string message, Exception? innerException)
        : base(message, innerException) { }
}
