namespace ModelBuild.Runtime.Detections;

/// <summary>Reads the boxes from the outputs of a detector, for one layout of the outputs.</summary>
internal abstract class DetectionHead
{
    /// <summary>Adds the boxes of one image whose score is at least the threshold to a list.</summary>
    /// <param name="outputs">The outputs of the call.</param>
    /// <param name="image">The index of the image in the call.</param>
    /// <param name="prepared">The size of the prepared image.</param>
    /// <param name="threshold">The lowest score.</param>
    /// <param name="found">The list to which the boxes are added, in pixels of the prepared image.</param>
    public abstract void Find(DetectionOutputs outputs, int image, ImageSize prepared, float threshold, List<Candidate> found);

    /// <summary>Returns the key points of a box in pixels of the prepared image.</summary>
    /// <param name="outputs">The outputs of the call.</param>
    /// <param name="image">The index of the image in the call.</param>
    /// <param name="prepared">The size of the prepared image.</param>
    /// <param name="candidate">The box.</param>
    public virtual ImagePoint[] Points(DetectionOutputs outputs, int image, ImageSize prepared, in Candidate candidate) => [];

    /// <summary>Returns the coefficients of the mask of a box; empty if the layout has no masks.</summary>
    /// <param name="outputs">The outputs of the call.</param>
    /// <param name="image">The index of the image in the call.</param>
    /// <param name="candidate">The box.</param>
    public virtual float[] MaskNumbers(DetectionOutputs outputs, int image, in Candidate candidate) => [];
}
