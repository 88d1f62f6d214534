namespace ModelBuild.Compression.Training.Losses;

/// <summary>A value inside the model and the value of the teacher that it is compared with.</summary>
/// <param name="Value">The value of the model.</param>
/// <param name="ChannelAxis">The axis of its channels.</param>
/// <param name="Teacher">The value of the teacher.</param>
internal sealed record FeaturePair(string Value, int ChannelAxis, TeacherValue Teacher);
