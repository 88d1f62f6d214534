namespace ModelBuild.Runtime;

/// <summary>Specifies the format that a model is converted to for Core ML.</summary>
public enum CoreMLFormat
{
    /// <summary>The neural network format, for iOS 13, macOS 10.15 and later.</summary>
    NeuralNetwork,

    /// <summary>The ML program format, which supports more operators, for iOS 15, macOS 12 and later.</summary>
    MLProgram,
}
